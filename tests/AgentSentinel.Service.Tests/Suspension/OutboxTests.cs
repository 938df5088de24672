using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class OutboxTests : IDisposable
{
    private static readonly DateTimeOffset Now = SomeWebhook.Time;

    private readonly TemporaryFile _file = new();
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = Outbox.Open(_file.Path);

    public void Dispose()
    {
        _outbox.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void What_was_committed_comes_back_as_it_was()
    {
        var message = SomeWebhook.Message();
        SomeWebhook.Commit(_file.Path, message);
        var due = Assert.Single(_outbox.Due(Now, 10));
        Assert.Equal(message.Payload.ToArray(), due.Payload.ToArray());
        Assert.Equal(message with { Payload = due.Payload }, due);
        Assert.Equal(1, _outbox.PendingCount());
    }

    [Fact]
    public void A_lift_never_overtakes_the_suspension_that_it_lifts()
    {
        var suspend = SomeWebhook.Message() with { Id = "sus_1", Subject = "agent-1" };
        var lift = suspend with { Id = "sus_1_lift" };
        var other = suspend with { Id = "sus_2", Subject = "agent-2" };
        SomeWebhook.Commit(_file.Path, suspend);
        SomeWebhook.Commit(_file.Path, lift);
        SomeWebhook.Commit(_file.Path, other);
        var failed = new AttemptOutcome(AttemptKind.Failed, 500, "500", TimeSpan.Zero);
        _outbox.RecordAttempt(_outbox.Find("sus_1")!, failed, Now, Now + TimeSpan.FromHours(1), escalate: false);
        Assert.Equal(["sus_2"], _outbox.Due(Now, 10).Select(m => m.Id));

        _outbox.Delivered(_outbox.Find("sus_1")!, failed with { Kind = AttemptKind.Delivered }, Now);
        Assert.Equal(["sus_1_lift", "sus_2"], _outbox.Due(Now, 10).Select(m => m.Id).Order());
    }

    [Fact]
    public void A_rolled_back_order_was_never_there()
    {
        using var connection = SomeWebhook.OpenPipeline(_file.Path);
        using (var transaction = connection.BeginTransaction())
        {
            Assert.True(Outbox.Add(transaction, SomeWebhook.Message()));
            Assert.Empty(_outbox.Due(Now, 10));
            transaction.Rollback();
        }

        Assert.Empty(_outbox.Due(Now, 10));
        Assert.Null(_outbox.Find(SomeWebhook.Message().Id));
    }

    [Fact]
    public void An_order_and_the_checkpoint_are_committed_together()
    {
        using var connection = SomeWebhook.OpenPipeline(_file.Path);
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE checkpoint (journal_offset INTEGER)";
        command.ExecuteNonQuery();
        using (var transaction = connection.BeginTransaction())
        {
            Outbox.Add(transaction, SomeWebhook.Message());
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO checkpoint VALUES (42)";
            command.ExecuteNonQuery();
            transaction.Commit();
        }

        Assert.Equal(1, _outbox.PendingCount());
    }

    [Fact]
    public void An_id_that_is_there_already_is_left_alone()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.Delivered(SomeWebhook.Message(), SomeWebhook.Success, Now);

        using var connection = SomeWebhook.OpenPipeline(_file.Path);
        using var transaction = connection.BeginTransaction();
        Assert.False(Outbox.Add(transaction, SomeWebhook.Message() with { Kind = "agent.reinstated" }));
        transaction.Commit();

        var kept = _outbox.Find(SomeWebhook.Message().Id)!;
        Assert.Equal("agent.suspended", kept.Kind);
        Assert.Equal(OutboxState.Delivered, kept.State);
    }

    [Fact]
    public void Fresh_orders_come_before_retries_and_nothing_comes_early()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message("old"), SomeWebhook.Message("fresh", Now.AddSeconds(3)), SomeWebhook.Message("later", Now.AddSeconds(60)));
        _outbox.RecordAttempt(_outbox.Find("old")!, SomeWebhook.Failure, Now, Now.AddSeconds(1), escalate: false);

        Assert.Equal(["fresh", "old"], _outbox.Due(Now.AddSeconds(5), 10).Select(m => m.Id));
        Assert.Equal(["fresh"], _outbox.Due(Now.AddSeconds(5), 1).Select(m => m.Id));
        Assert.Equal(Now.AddSeconds(60), _outbox.NextDue(Now.AddSeconds(5)));
        Assert.Null(_outbox.NextDue(Now.AddSeconds(60)));
    }

    [Fact]
    public void A_failed_attempt_is_counted_and_waits_for_the_next()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.RecordAttempt(SomeWebhook.Message(), SomeWebhook.Failure, Now, Now.AddSeconds(1), escalate: false);
        _outbox.RecordAttempt(SomeWebhook.Message(), SomeWebhook.Failure, Now.AddSeconds(1), Now.AddSeconds(6), escalate: false);

        var message = _outbox.Find(SomeWebhook.Message().Id)!;
        Assert.Equal((2, Now, Now.AddSeconds(6), OutboxState.Pending), (message.Attempts, message.FirstAttemptAt!.Value, message.NextAttemptAt, message.State));
        Assert.Equal(SomeWebhook.Failure, message.LastOutcome);
        Assert.Empty(_outbox.OwedReports(Now.AddDays(1), 10));
    }

    [Fact]
    public void A_delivered_message_owes_a_report_until_it_was_made_and_is_pruned_after()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.Delivered(SomeWebhook.Message(), SomeWebhook.Success, Now);
        Assert.Empty(_outbox.Due(Now.AddDays(1), 10));
        Assert.Equal(0, _outbox.Prune(Now.AddDays(100)));

        var report = Assert.Single(_outbox.OwedReports(Now, 10));
        Assert.False(report.IsEscalation);
        Assert.Equal(SomeWebhook.Success, report.Outcome);
        _outbox.Reported(report, Now.AddSeconds(1));

        Assert.Empty(_outbox.OwedReports(Now.AddDays(1), 10));
        Assert.True(_outbox.Find(report.Message.Id)!.IsReported);
        Assert.Equal(0, _outbox.Prune(Now.AddSeconds(1)));
        Assert.Equal(1, _outbox.Prune(Now.AddSeconds(2)));
        Assert.Null(_outbox.Find(report.Message.Id));
    }

    [Fact]
    public void Once_delivered_nothing_makes_it_pending_again()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.Delivered(SomeWebhook.Message(), SomeWebhook.Success, Now);
        _outbox.RecordAttempt(SomeWebhook.Message(), SomeWebhook.Failure, Now, Now, escalate: true);
        _outbox.GaveUp(SomeWebhook.Message(), SomeWebhook.Failure, Now, escalate: true);
        Assert.False(_outbox.Retry(SomeWebhook.Message().Id, Now));
        Assert.Equal(OutboxState.Delivered, _outbox.Find(SomeWebhook.Message().Id)!.State);
        Assert.False(Assert.Single(_outbox.OwedReports(Now, 10)).IsEscalation);
    }

    [Fact]
    public void An_escalation_is_owed_once_and_before_the_outcome()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.RecordAttempt(SomeWebhook.Message(), SomeWebhook.Failure, Now, Now, escalate: true);
        _outbox.Delivered(SomeWebhook.Message(), SomeWebhook.Success, Now);

        var escalation = Assert.Single(_outbox.OwedReports(Now, 10));
        Assert.True(escalation.IsEscalation);
        _outbox.Reported(escalation, Now);
        var delivered = Assert.Single(_outbox.OwedReports(Now, 10));
        Assert.False(delivered.IsEscalation);
        _outbox.Reported(delivered, Now);
        Assert.Empty(_outbox.OwedReports(Now, 10));
    }

    [Fact]
    public void An_outcome_that_comes_while_an_escalation_is_being_reported_is_not_lost()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.RecordAttempt(SomeWebhook.Message(), SomeWebhook.Failure, Now, Now, escalate: true);
        var escalation = Assert.Single(_outbox.OwedReports(Now, 10));
        _outbox.Delivered(SomeWebhook.Message(), SomeWebhook.Success, Now);
        _outbox.Reported(escalation, Now);
        Assert.False(Assert.Single(_outbox.OwedReports(Now, 10)).IsEscalation);
    }

    [Fact]
    public void A_postponed_report_lets_the_others_pass()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message("a"), SomeWebhook.Message("b"));
        _outbox.Delivered(SomeWebhook.Message("a"), SomeWebhook.Success, Now);
        _outbox.Delivered(SomeWebhook.Message("b"), SomeWebhook.Success, Now);
        _outbox.PostponeReport(_outbox.OwedReports(Now, 1)[0], Now.AddSeconds(5));
        Assert.Equal("b", Assert.Single(_outbox.OwedReports(Now, 10)).Message.Id);
        Assert.Equal(Now.AddSeconds(5), _outbox.NextReport(Now));
    }

    [Fact]
    public void A_dead_letter_is_listed_after_its_report_and_can_be_retried_by_hand()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.GaveUp(SomeWebhook.Message(), SomeWebhook.Failure, Now, escalate: false);
        _outbox.Reported(_outbox.OwedReports(Now, 10)[0], Now);
        Assert.Empty(_outbox.Due(Now.AddDays(1), 10));
        Assert.True(Assert.Single(_outbox.Undeliverable(10)).IsReported);

        Assert.True(_outbox.Retry(SomeWebhook.Message().Id, Now.AddHours(2)));
        var again = Assert.Single(_outbox.Due(Now.AddHours(2), 10));
        Assert.Equal((0, 1, false, null), (again.Attempts, again.ManualRetries, again.IsReported, again.FirstAttemptAt));
        Assert.Empty(_outbox.Undeliverable(10));
        Assert.False(_outbox.Retry(SomeWebhook.Message().Id, Now.AddHours(2)));
        Assert.False(_outbox.Retry("unknown", Now));
    }

    [Fact]
    public void A_report_made_while_a_person_retried_does_not_hide_the_new_outcome()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.GaveUp(SomeWebhook.Message(), SomeWebhook.Failure, Now, escalate: false);
        var first = Assert.Single(_outbox.OwedReports(Now, 10));
        _outbox.Retry(SomeWebhook.Message().Id, Now);
        _outbox.GaveUp(SomeWebhook.Message(), SomeWebhook.Failure, Now, escalate: false);

        _outbox.Reported(first, Now);

        Assert.Equal(1, Assert.Single(_outbox.OwedReports(Now, 10)).Message.ManualRetries);
    }

    [Fact]
    public void A_retry_by_hand_does_not_escalate_again()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message());
        _outbox.GaveUp(SomeWebhook.Message(), SomeWebhook.Failure, Now, escalate: true);
        _outbox.Reported(_outbox.OwedReports(Now, 10)[0], Now);
        _outbox.Retry(SomeWebhook.Message().Id, Now);
        _outbox.RecordAttempt(SomeWebhook.Message(), SomeWebhook.Failure, Now, Now, escalate: true);
        Assert.Empty(_outbox.OwedReports(Now, 10));
    }

    [Fact]
    public void What_was_committed_survives_a_process_that_ends_without_closing()
    {
        SomeWebhook.Commit(_file.Path, SomeWebhook.Message("pending"), SomeWebhook.Message("delivered"));
        _outbox.Delivered(SomeWebhook.Message("delivered"), SomeWebhook.Success, Now);

        // The files as a killed process would leave them: copied while they are open, before anything was tidied up.
        using var copy = new TemporaryFile();
        File.Copy(_file.Path, copy.Path);
        File.Copy(_file.Path + "-wal", copy.Path + "-wal");

        using var reopened = Outbox.Open(copy.Path);
        Assert.Equal("pending", Assert.Single(reopened.Due(Now, 10)).Id);
        Assert.Equal("delivered", Assert.Single(reopened.OwedReports(Now, 10)).Message.Id);
    }

    [Fact]
    public async Task The_pipeline_and_the_dispatcher_write_side_by_side()
    {
        await Task.WhenAll(
            Task.Run(() =>
            {
                for (var i = 0; i < 50; i++)
                {
                    SomeWebhook.Commit(_file.Path, SomeWebhook.Message($"a{i}"));
                }
            }, TestContext.Current.CancellationToken),
            Task.Run(() =>
            {
                for (var delivered = 0; delivered < 50;)
                {
                    foreach (var message in _outbox.Due(Now, 8))
                    {
                        _outbox.Delivered(message, SomeWebhook.Success, Now);
                        delivered++;
                    }
                }
            }, TestContext.Current.CancellationToken));
        Assert.Equal(0, _outbox.PendingCount());
        Assert.Equal(50, _outbox.OwedReports(Now, 100).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("agent.billing/1")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("größe")]
    public void An_id_that_cannot_be_signed_or_sent_in_a_header_is_refused(string id)
    {
        Assert.False(OutboxMessage.IsValidId(id));
        Assert.Throws<ArgumentException>(() => SomeWebhook.Message(id));
    }
}
