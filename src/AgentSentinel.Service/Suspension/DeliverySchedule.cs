using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentSentinel.Service.Suspension;

/// <summary>
/// When a message is tried again. Any failure but 410 follows the schedule, other 4xx included: a wrong path or secret is often put right
/// within minutes, and an agent that is not stopped costs more than a few useless requests. 410 is the receiver's own word that it is gone;
/// only that message ends there, since the next order must not be withheld on the word of an endpoint that may have been repaired.
/// </summary>
internal sealed class DeliverySchedule(WebhookOptions options)
{
    private const double Jitter = 0.1;

    /// <summary>Null: give up.</summary>
    public DateTimeOffset? Next(OutboxMessage message, AttemptOutcome outcome, DateTimeOffset now)
    {
        var giveUpAt = (message.FirstAttemptAt ?? now) + options.GiveUpAfter;
        if (outcome.Kind is AttemptKind.Disabled or AttemptKind.Final || now >= giveUpAt)
        {
            return null;
        }

        var waits = options.RetrySchedule;
        var attempts = message.Attempts + 1;
        var wait = waits[Math.Min(attempts, waits.Length - 1)] * (1 + (Jitter * Share(message.Id, attempts)));

        // A receiver may slow us down, but no further than the slowest pace of the schedule: a header must not keep an agent running.
        if (outcome.RetryAfter is { } asked && asked > wait)
        {
            wait = asked < waits[^1] ? asked : TimeSpan.FromTicks(Math.Max(waits[^1].Ticks, wait.Ticks));
        }

        // The last attempt is made at the very end, instead of giving up as soon as the next wait would pass it.
        return now + wait < giveUpAt ? now + wait : giveUpAt;
    }

    /// <summary>Whether the attempt that just failed is the one to alert people at.</summary>
    public bool IsEscalation(OutboxMessage message) => message.Attempts + 1 == options.EscalateAfterFailures;

    /// <summary>From 0 to 1, spread over messages and attempts yet the same at every replay; no shared random generator among the sending tasks.</summary>
    private static double Share(string id, int attempts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}.{attempts}")), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue;
    }
}
