using AgentSentinel.Core.Response;
using AgentSentinel.Service.Commands;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Live;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Commands;

public sealed class OperatorCommandsTests
{
    private static readonly CommandRequest Suspend = new(OperatorCommandKind.Suspend, "agent-1", "because");

    private readonly List<OperatorCommand> _journal = [];
    private readonly CommandOutcomes _outcomes = new();
    private readonly OperatorCommands _commands;
    private bool _isDown;

    public OperatorCommandsTests() => _commands = new(AppendAsync, _outcomes, new AuditQueries(new HistoryReader("/nowhere/history.sqlite")), new FakeTimeProvider());

    [Fact]
    public async Task A_command_is_in_the_journal_when_it_was_taken()
    {
        var receipt = await SendAsync(Suspend with { Reason = "  because " }, null);
        var command = Assert.Single(_journal);
        Assert.Equal((receipt.CommandId, "ann", "because"), (command.Id, command.Actor, command.Reason));
        Assert.Equal(CommandState.Accepted, _commands.Find(command.Id)?.State);
        await SendAsync(Suspend, null);
        Assert.Equal(2, _journal.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_command_whose_fate_is_unknown_is_repeated_under_the_same_id()
    {
        _isDown = true;
        await Assert.ThrowsAsync<KafkaException>(() => SendAsync(Suspend, "key"));
        _isDown = false;
        var receipt = await SendAsync(Suspend, "key");
        Assert.Null(receipt.Objection);
        Assert.Equal(receipt.CommandId, Assert.Single(_journal).Id);
    }

    [Fact]
    public async Task A_key_stands_for_one_command_also_when_only_the_journal_knows_it()
    {
        var receipt = await SendAsync(Suspend, "key");
        Assert.True((await SendAsync(Suspend with { Target = "agent-2" }, "key")).IsConflict);

        // Another instance, which has met it in the journal.
        var outcomes = new CommandOutcomes();
        outcomes.Note(new CommandOutcome(_journal[0], CommandState.Done, [], []));
        var other = new OperatorCommands(AppendAsync, outcomes, new AuditQueries(new HistoryReader("/nowhere/history.sqlite")), new FakeTimeProvider());
        Assert.True((await other.SendAsync(Suspend with { Target = "agent-2" }, "ann", "key", TestContext.Current.CancellationToken)).IsConflict);
        Assert.Equal(receipt.CommandId, (await other.SendAsync(Suspend, "ann", "key", TestContext.Current.CancellationToken)).CommandId);
        Assert.Single(_journal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("ünicode")]
    public async Task A_key_is_short_and_visible(string key)
    {
        Assert.NotNull((await SendAsync(Suspend, key)).Objection);
        Assert.NotNull((await SendAsync(Suspend, new string('k', 201))).Objection);
        Assert.Empty(_journal);
    }

    private Task<CommandReceipt> SendAsync(CommandRequest request, string? key) => _commands.SendAsync(request, "ann", key, TestContext.Current.CancellationToken);

    private Task AppendAsync(byte[] json, CancellationToken cancellationToken)
    {
        if (_isDown)
        {
            throw new KafkaException(ErrorCode.Local_MsgTimedOut);
        }

        Assert.True(JournalJson.TryRead(json, out var entry, out _));
        _journal.Add(Assert.IsType<OperatorCommand>(entry));
        return Task.CompletedTask;
    }
}
