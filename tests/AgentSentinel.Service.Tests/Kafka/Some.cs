using System.Text;

namespace AgentSentinel.Service.Tests.Kafka;

/// <summary>Test records whose content says which one they are.</summary>
internal static class Some
{
    private static readonly DateTimeOffset _firstTimestamp = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static byte[] Key(int partition, long number) => Encoding.UTF8.GetBytes($"agent-{partition}-{number % 7}");

    public static byte[] Value(int partition, long number) => Encoding.UTF8.GetBytes($"value {number} of partition {partition}");

    public static DateTimeOffset Timestamp(long number) => _firstTimestamp.AddMilliseconds(number);
}
