using System.Text;

namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>Test records whose content says which one they are.</summary>
internal static class Some
{
    // Of today, as a real broker deletes what is a week old; in whole milliseconds, as Kafka knows no others.
    private static readonly DateTimeOffset FirstTimestamp =
        DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).AddMinutes(-10);

    public static byte[] Key(int partition, long number) => Encoding.UTF8.GetBytes($"agent-{partition}-{number % 7}");

    public static byte[] Value(int partition, long number) => Encoding.UTF8.GetBytes($"value {number} of partition {partition}");

    public static DateTimeOffset Timestamp(long number) => FirstTimestamp.AddMilliseconds(number);
}
