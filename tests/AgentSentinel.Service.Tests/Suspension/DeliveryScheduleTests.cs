using AgentSentinel.Service.Suspension;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Now = SomeWebhook.Time;

    private readonly DeliverySchedule _schedule = new(new WebhookOptions());

    [Fact]
    public void Waits_follow_the_schedule_with_at_most_a_tenth_more_and_the_last_repeats()
    {
        double[] expected = [1, 5, 15, 60, 300, 300, 300];
        for (var attempts = 0; attempts < expected.Length; attempts++)
        {
            Assert.InRange(WaitAfter(attempts).TotalSeconds, expected[attempts], expected[attempts] * 1.1);
        }
    }

    [Fact]
    public void Jitter_differs_between_messages_and_is_the_same_at_every_replay()
    {
        var waits = Enumerable.Range(0, 50).Select(i => WaitAfter(3, id: $"m{i}")).ToArray();
        Assert.Equal(50, waits.Distinct().Count());
        Assert.Equal(waits, Enumerable.Range(0, 50).Select(i => WaitAfter(3, id: $"m{i}")));
    }

    [Fact]
    public void Retry_after_slows_down_but_never_below_the_schedules_slowest_pace()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), WaitAfter(0, retryAfter: TimeSpan.FromSeconds(30)));
        Assert.Equal(TimeSpan.FromMinutes(5), WaitAfter(0, retryAfter: TimeSpan.FromDays(30)));
        Assert.InRange(WaitAfter(3, retryAfter: TimeSpan.FromSeconds(1)).TotalSeconds, 60, 66);
        Assert.InRange(WaitAfter(6, retryAfter: TimeSpan.FromDays(30)).TotalSeconds, 300, 330);
    }

    [Fact]
    public void The_last_attempt_is_made_when_time_is_up_and_then_it_is_given_up()
    {
        var message = SomeWebhook.Message() with { Attempts = 14, FirstAttemptAt = Now };
        Assert.Equal(Now.AddHours(1), _schedule.Next(message, SomeWebhook.Failure, Now.AddMinutes(58)));
        Assert.Null(_schedule.Next(message, SomeWebhook.Failure, Now.AddHours(1)));
    }

    [Fact]
    public void An_order_that_waited_long_for_its_first_attempt_still_gets_its_hour() =>
        Assert.NotNull(_schedule.Next(SomeWebhook.Message(at: Now.AddDays(-2)), SomeWebhook.Failure, Now));

    [Theory]
    [InlineData(AttemptKind.Rejected, true)]
    [InlineData(AttemptKind.Throttled, true)]
    [InlineData(AttemptKind.Failed, true)]
    [InlineData(AttemptKind.Refused, true)]
    [InlineData(AttemptKind.Disabled, false)]
    internal void Only_a_receiver_that_says_it_is_gone_is_not_tried_again(AttemptKind kind, bool isTriedAgain) =>
        Assert.Equal(isTriedAgain, _schedule.Next(SomeWebhook.Message(), SomeWebhook.Failure with { Kind = kind }, Now) is not null);

    [Fact]
    public void Escalation_is_at_the_third_failure_alone() =>
        Assert.Equal([2], Enumerable.Range(0, 10).Where(attempts => _schedule.IsEscalation(SomeWebhook.Message() with { Attempts = attempts })));

    private TimeSpan WaitAfter(int attempts, string id = "m", TimeSpan? retryAfter = null)
    {
        var message = SomeWebhook.Message(id) with { Attempts = attempts, FirstAttemptAt = attempts == 0 ? null : Now };
        return _schedule.Next(message, SomeWebhook.Failure with { RetryAfter = retryAfter }, Now)!.Value - Now;
    }
}
