using AgentSentinel.Core;
using AgentSentinel.Core.Response;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Declarations;
using AgentSentinel.Service.Decisions;
using AgentSentinel.Service.Live;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;
using AgentSentinel.Service.Tests.History;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Live;

public sealed class JournalFoldTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-fold-");
    private readonly FakeTimeProvider _time = new(SomeJournal.Start);
    private readonly SentinelOptions _options;
    private readonly DecisionTable _table;
    private readonly CurrentDismissals _dismissals = new();
    private readonly LiveFeed _feed = new();
    private readonly CommandOutcomes _outcomes = new();

    public JournalFoldTests()
    {
        _options = new SentinelOptions { Response = SomeJournal.Policy, Checkpoints = new CheckpointOptions { Folder = _folder.FullName } };
        _table = new DecisionTable(_options.Decisions, _time);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whether_it_begins_at_the_beginning_or_with_what_the_line_saved_it_denies_the_same(int seed)
    {
        var journal = SomeJournal.Draw(seed, 300);
        var whole = Fold(0, journal);
        var (engine, output, state) = (new ResponseEngine(SomeJournal.Policy, new VolatileState()), new ResponseOutput(), new VolatileState());
        for (var i = 0; i < 150; i++)
        {
            engine.Process(journal[i], output);
        }

        engine.Save(state);
        SaveAsTheLine(state, 150);
        var table = new DecisionTable(_options.Decisions, _time);
        var fold = NewFold(table);
        fold.Begin();
        Assert.Equal(150, fold.NextOffset);
        Feed(fold, 150, journal);

        Assert.NotEmpty(whole.Denials);
        Assert.Equal(whole.Denials.Select(d => d.Current.ToString()), table.Snapshot!.Denials.Select(d => d.Current.ToString()));
    }

    [Fact]
    public void An_order_is_in_the_table_before_anybody_is_told_of_it()
    {
        var fold = NewFold(_table);
        fold.Begin();
        using var reader = _feed.Open();
        fold.Take(0, JournalJson.Write(Command("c1", OperatorCommandKind.Suspend, "bad")));
        Assert.False(_table.Ask("bad", null, null).IsAllowed);
        fold.Publish(isAtEnd: true);

        var kinds = new List<string>();
        while (reader.TryRead(out var told))
        {
            kinds.Add($"{told!.Kind} {told.Id}");
        }

        Assert.Equal(["command 0.0", "alert 0.1", "suspension 0.2"], kinds);
        Assert.Equal(CommandState.Done, _outcomes.Find("c1")?.State);
        Assert.Equal(1, fold.Status!.SuspensionsInForce);
    }

    [Fact]
    public void What_people_dismissed_is_told_once_the_journal_was_read_to_its_end()
    {
        var fold = NewFold(_table);
        fold.Begin();
        var found = SomeJournal.Anomaly(SomeJournal.Start, "agent-5");
        var line = new ResponseEngine(SomeJournal.Policy, new VolatileState());
        line.Process(found, new ResponseOutput());
        fold.Take(0, JournalJson.Write(found));
        fold.Take(1, JournalJson.Write(Command("c1", OperatorCommandKind.Dismiss, line.OpenIncidents["agent-5"].Id)));
        fold.Publish(isAtEnd: false);
        Assert.Null(_dismissals.Latest);
        fold.Publish(isAtEnd: true);
        Assert.Equal("agent-5", Assert.Single(_dismissals.Latest!).AgentId);
    }

    [Fact]
    public void A_suspension_that_expires_is_allowed_again_without_any_entry()
    {
        var fold = NewFold(_table);
        fold.Begin();
        fold.Take(0, JournalJson.Write(Command("c1", OperatorCommandKind.Suspend, "bad")));
        fold.Publish(isAtEnd: true);
        _time.Advance(SomeJournal.Policy.Suspension.Duration + ResponseWorker.LongestAppend);
        fold.Publish(isAtEnd: true);
        Assert.True(_table.Ask("bad", null, null).IsAllowed);
    }

    [Fact]
    public void What_is_no_entry_is_passed_by()
    {
        var fold = NewFold(_table);
        fold.Begin();
        fold.Take(0, "no entry"u8);
        fold.Take(1, JournalJson.Write(Command("c1", OperatorCommandKind.Suspend, "bad")));
        Assert.Equal(2, fold.NextOffset);
        Assert.False(_table.Ask("bad", null, null).IsAllowed);
    }

    [Fact]
    public void Entries_are_taken_under_the_terms_that_the_line_had_for_them()
    {
        var observing = SomeJournal.Policy with { Suspension = SomeJournal.Policy.Suspension with { Mode = SuspensionMode.Observe } };
        NoteEra(0, observing);
        var fold = NewFold(_table);
        fold.Begin();
        fold.Take(0, JournalJson.Write(SomeJournal.Anomaly(SomeJournal.Start, "agent-5", score: 9)));
        Assert.Null(_table.Snapshot);

        // The line starts again with another mode, at the next entry.
        NoteEra(1, SomeJournal.Policy);
        Assert.True(fold.Agrees());
        fold.Take(1, JournalJson.Write(SomeJournal.Anomaly(SomeJournal.Start.AddMinutes(1), "agent-6", score: 9)));
        Assert.False(_table.Ask("agent-6", null, null).IsAllowed);
        Assert.Null(_table.Snapshot!.Find("agent-5", null, null));
    }

    [Fact]
    public void Having_run_ahead_of_a_change_of_terms_it_begins_anew_and_takes_back_what_was_not_ordered()
    {
        NoteEra(0, SomeJournal.Policy);
        var entry = JournalJson.Write(SomeJournal.Anomaly(SomeJournal.Start, "agent-5", score: 9));
        var fold = NewFold(_table);
        fold.Begin();
        fold.Take(0, entry);
        fold.Publish(isAtEnd: true);
        Assert.False(_table.Ask("agent-5", null, null).IsAllowed);

        // The line had been down, and comes to the entry under other terms.
        NoteEra(0, SomeJournal.Policy with { Suspension = SomeJournal.Policy.Suspension with { Mode = SuspensionMode.Observe } });
        Assert.False(fold.Agrees());
        fold.Begin();
        fold.Take(0, entry);
        fold.Publish(isAtEnd: true);
        Assert.True(_table.Ask("agent-5", null, null).IsAllowed);
    }

    private JournalFold NewFold(DecisionTable table) => new(_options, DeclarationSet.Read(new DeclarationOptions()), table, new CurrentRegistry(DeclarationSet.Read(new DeclarationOptions())), _dismissals, _feed, _outcomes, _time);

    private DecisionSnapshot Fold(int from, List<JournalEntry> journal)
    {
        var table = new DecisionTable(_options.Decisions, _time);
        var fold = NewFold(table);
        fold.Begin();
        Feed(fold, from, journal);
        return table.Snapshot!;
    }

    private static void Feed(JournalFold fold, int from, List<JournalEntry> journal)
    {
        for (var i = from; i < journal.Count; i++)
        {
            fold.Take(i, JournalJson.Write(journal[i]));
        }

        fold.Publish(isAtEnd: true);
    }

    private void SaveAsTheLine(VolatileState state, long next)
    {
        using var store = OpenStore();
        store.Write(next, writer =>
        {
            foreach (var (key, value) in state.Pieces)
            {
                writer.Write(key, value.Span);
            }
        });
    }

    private void NoteEra(long fromOffset, ResponseOptions options)
    {
        using var store = OpenStore();
        ResponseEras.Note(store.Connection, fromOffset, new ResponseTerms(options, null, null));
    }

    private CheckpointStore OpenStore() =>
        CheckpointStore.Open(Path.Combine(_folder.FullName, CheckpointStore.FileName(_options.Kafka.JournalTopic, 0)), survivesPowerLoss: false);

    private static OperatorCommand Command(string id, OperatorCommandKind kind, string target) => new(id, SomeJournal.Start, kind, target, "ann", "because");
}
