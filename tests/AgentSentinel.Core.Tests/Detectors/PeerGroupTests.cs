using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>An agent is compared with those that are declared to do the same, and else with those that use the same tools.</summary>
public sealed class PeerGroupTests
{
    private static readonly AgentRegistry ByGroup = new([new RegisteredAgent("scout-*") { PeerGroup = "scouts" }, new RegisteredAgent("book-*") { PeerGroup = "books" }]);
    private static readonly AgentRegistry ByPurpose = new([new RegisteredAgent("scout-*") { Purpose = "finds what is new" }, new RegisteredAgent("book-*") { Purpose = "keeps the books" }]);

    private readonly DetectionOutput _output = new();
    private DateTimeOffset _now = Some.Monday;
    private int _ids;

    public static TheoryData<string> Declared => ["group", "purpose"];

    [Theory, MemberData(nameof(Declared))]
    public void New_datasets_are_more_of_a_surprise_from_a_newcomer_among_bookkeepers_than_among_scouts(string declared)
    {
        var (scout, book) = (Newcomer("scout-9", declared), Newcomer("book-9", declared));
        Assert.True(book > scout + 0.5, $"bookkeeper {book:0.00}, scout {scout:0.00}");
    }

    [Fact]
    public void Where_nothing_is_declared_both_are_compared_with_all_that_use_the_tool() =>
        Assert.Equal(Newcomer("scout-9", ""), Newcomer("book-9", ""), 1e-9);

    [Theory, MemberData(nameof(Declared))]
    public void An_order_of_calls_is_less_of_a_surprise_where_the_group_has_it(string declared)
    {
        var engine = Engine(new Sequence(new SequenceOptions(), Some.Names, Of(declared)), declared);
        string[] forwards = ["files.list", "files.read", "mail.send"];
        string[] backwards = ["mail.send", "files.read", "files.list"];
        for (var session = 0; session < 300; session++)
        {
            Session(engine, $"scout-{session % 5}", forwards);
            Session(engine, $"book-{session % 5}", backwards);
        }

        var (scout, book) = (Newcomer("scout-9"), Newcomer("book-9"));
        Assert.True(book > scout + 0.2, $"bookkeeper {book:0.00}, scout {scout:0.00}");

        // Knows the tools, each alone, and no order of them yet.
        double Newcomer(string agent)
        {
            foreach (var tool in forwards)
            {
                Session(engine, agent, [tool]);
            }

            Session(engine, agent, forwards);
            return _output.Top.Surprisal;
        }
    }

    [Fact]
    public void What_is_known_of_a_group_outlives_a_restart()
    {
        var saved = new VolatileState();
        var engine = Engine(new Novelty(new NoveltyOptions(), Some.Names, ByGroup), "group", saved);
        Learn(engine);
        engine.Save(saved);
        var restarted = Engine(new Novelty(new NoveltyOptions(), Some.Names, ByGroup), "group", saved);
        Assert.Equal(Explore(engine, "book-9"), Explore(restarted, "book-9"));
    }

    private static AgentRegistry Of(string declared) => declared switch { "group" => ByGroup, "purpose" => ByPurpose, _ => AgentRegistry.Empty };

    private static DetectionEngine Engine(Detector detector, string declared, VolatileState? saved = null) =>
        new(new DetectionOptions(), [detector], saved ?? new VolatileState(), Of(declared));

    private double Newcomer(string agent, string declared)
    {
        var engine = Engine(new Novelty(new NoveltyOptions(), Some.Names, Of(declared)), declared);
        Learn(engine);
        return Explore(engine, agent);
    }

    private void Learn(DetectionEngine engine)
    {
        var random = new Random(3);
        for (var i = 0; i < 1500; i++)
        {
            Call(engine, $"scout-{i % 5}", $"s-{i / 25}", "files.read", random.Next(3) == 0 ? $"web/{i}" : $"web/home-{i % 3}");
            Call(engine, $"book-{i % 5}", $"b-{i / 25}", "files.read", $"ledger/{i % 4}");
        }
    }

    /// <summary>Does some ordinary work, then reads three new datasets.</summary>
    private double Explore(DetectionEngine engine, string agent)
    {
        for (var i = 0; i < 40; i++)
        {
            Call(engine, agent, $"{agent}-{i / 5}", "files.read", $"home/{i % 2}");
        }

        for (var i = 0; i < 3; i++)
        {
            Call(engine, agent, $"{agent}-new", "files.read", $"new/{agent}-{i}");
        }

        return _output.Top.Surprisal;
    }

    private void Session(DetectionEngine engine, string agent, string[] tools)
    {
        var session = $"s-{_ids}";
        foreach (var tool in tools)
        {
            Call(engine, agent, session, tool, "crm:1");
        }
    }

    private void Call(DetectionEngine engine, string agent, string session, string tool, string resource)
    {
        _output.Clear();
        var call = Some.ToolCall(_now, (++_ids).ToString(CultureInfo.InvariantCulture), agent, tool, [resource], session: session, action: ToolAction.Read);
        Assert.Equal(CallVerdict.Accepted, engine.Process(call, _now, _output));
        Assert.Empty(_output.Failures);
        _now = _now.AddSeconds(20);
    }
}
