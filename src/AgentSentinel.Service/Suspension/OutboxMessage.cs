using System.Buffers;

namespace AgentSentinel.Service.Suspension;

/// <summary>One order to one receiver that must arrive.</summary>
internal sealed record OutboxMessage
{
    private const int MaxIdLength = 255;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/:~@=+");

    private readonly string _id = "";

    /// <summary>The webhook-id, the same at every attempt: the receiver's idempotency key. Must pass <see cref="IsValidId"/>.</summary>
    public required string Id
    {
        get => _id;
        init => _id = IsValidId(value) ? value : throw new ArgumentException("A webhook id has 1 to 255 characters: letters, digits and -_/:~@=+, no dot.", nameof(value));
    }

    /// <summary>Name of the <see cref="ISuspensionAdapter"/> that carries it out.</summary>
    public string Adapter { get; init; } = WebhookAdapter.AdapterName;

    /// <summary>Whom it is about: messages of one subject are sent in the order in which they were added, one after the other is through. Empty: no order.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The webhook's type, such as <c>agent.suspended</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The body, serialised once: every attempt signs and sends these very bytes.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Failed and successful attempts since the message was added or last retried by hand.</summary>
    public int Attempts { get; init; }

    /// <summary>Null before the first attempt.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    public DateTimeOffset NextAttemptAt { get; init; }

    public OutboxState State { get; init; }

    /// <summary>Whether the outcome, delivered or undeliverable, has reached the journal.</summary>
    public bool IsReported { get; init; }

    /// <summary>How often a person sent it again after it had been given up.</summary>
    public int ManualRetries { get; init; }

    /// <summary>Null before the first attempt.</summary>
    public AttemptOutcome? LastOutcome { get; init; }

    /// <summary>
    /// Signed content separates id and timestamp by a dot, and the id travels in a header: an id that contains an agent's name has to be
    /// escaped by whoever makes it.
    /// </summary>
    public static bool IsValidId(string id) => id.Length is > 0 and <= MaxIdLength && !id.AsSpan().ContainsAnyExcept(IdCharacters);
}
