using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>Waits for what a broker does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task IsTrue(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Deadline, $"Not within {Deadline}: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
