using System.Security.Cryptography;
using System.Text;
using AgentSentinel.Core.Audit;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.History;
using AgentSentinel.Service.Kafka;
using AgentSentinel.Service.Live;

namespace AgentSentinel.Service.Commands;

/// <summary>
/// The way in for people: appends their commands to the journal and touches nothing else. Any thread. What a command leads to is told by
/// <see cref="CommandOutcomes"/> once the journal has come by.
/// </summary>
public sealed class OperatorCommands
{
    private const int LongestTarget = 512;
    private const int LongestReason = 2_000;
    private const int LongestKey = 200;
    private const int Remembered = 1_024;

    private readonly Func<byte[], CancellationToken, Task> _append;
    private readonly CommandOutcomes _outcomes;
    private readonly AuditQueries _audit;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, OperatorCommand> _sent = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    internal OperatorCommands(KafkaOptions options, RecordProducer producer, CommandOutcomes outcomes, AuditQueries audit, TimeProvider time)
        : this((json, cancellationToken) => producer.AppendAsync(options.JournalTopic, 0, default, json, cancellationToken), outcomes, audit, time)
    {
    }

    internal OperatorCommands(Func<byte[], CancellationToken, Task> append, CommandOutcomes outcomes, AuditQueries audit, TimeProvider time)
    {
        _append = append;
        _outcomes = outcomes;
        _audit = audit;
        _time = time;
    }

    /// <summary>Appends a command to the journal. When the task ends it is there to stay.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="actor">Who wants it: the name that was authenticated, never one that was only said.</param>
    /// <param name="idempotencyKey">Makes repeats of the same command one; null when each call is a command of its own.</param>
    /// <param name="cancellationToken">Stops the wait, not the command: it may still arrive.</param>
    /// <exception cref="Confluent.Kafka.KafkaException">The journal does not take it; it may have arrived all the same. Repeat it with the same key.</exception>
    public async Task<CommandReceipt> SendAsync(CommandRequest request, string actor, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (Objection(request, idempotencyKey) is { } objection)
        {
            return new CommandReceipt(null, objection, false);
        }

        var command = new OperatorCommand(
            idempotencyKey is null ? $"cmd_{Guid.CreateVersion7(_time.GetUtcNow()):n}" : IdOf(actor, idempotencyKey),
            _time.GetUtcNow(),
            request.Command,
            request.Target,
            actor,
            request.Reason.Trim())
        {
            Part = request.Part,
            Verdict = request.Verdict,
        };
        var (known, isInJournal) = idempotencyKey is null ? (null, false) : Known(command.Id);
        if (known is not null && known != command with { RecordedAt = known.RecordedAt })
        {
            return new CommandReceipt(known.Id, $"The idempotency key was used for another command: {known.Command} of {known.Target}.", true);
        }

        if (!isInJournal)
        {
            // Noted first: of two at once with one key and different content the second must not pass for the first.
            if (!TryNote(command))
            {
                return new CommandReceipt(command.Id, "The idempotency key is being used for another command.", true);
            }

            await _append(JournalJson.Write(command), cancellationToken);
        }

        return new CommandReceipt(command.Id, null, false);
    }

    /// <summary>What is known of a command; null when there is none of that id, as far as this instance knows.</summary>
    public CommandOutcome? Find(string commandId)
    {
        if (_outcomes.Find(commandId) is { } outcome)
        {
            return outcome;
        }

        lock (_gate)
        {
            if (_sent.TryGetValue(commandId, out var sent))
            {
                return new CommandOutcome(sent, CommandState.Accepted, [], []);
            }
        }

        return InHistory(commandId) is { } recorded ? new CommandOutcome(recorded, CommandState.Recorded, [], []) : null;
    }

    /// <summary>What is wrong with a command; null when it can be given.</summary>
    public static string? Objection(CommandRequest request)
    {
        var (target, reason) = (request.Target, request.Reason.Trim());
        return reason.Length == 0 ? "A reason is needed."
            : reason.Length > LongestReason ? $"The reason must not be longer than {LongestReason} characters."
            : target.Length == 0 ? "A target is needed."
            : target.Length > LongestTarget || request.Part is { Id.Length: > LongestTarget } ? $"The target must not be longer than {LongestTarget} characters."
            : HasLoneSurrogate(target) || HasLoneSurrogate(reason) || HasLoneSurrogate(request.Part?.Id) ? "Texts must be well-formed Unicode."
            : request.Part is { Id: "" } ? "The session or credential is empty."
            : request.Part is not null && request.Command != OperatorCommandKind.Suspend ? "Only a suspension can be of a session or credential."
            : request.Verdict is null == (request.Command == OperatorCommandKind.Verdict) ? "A verdict says justified or false, and nothing else does."
            : request.Command switch
            {
                OperatorCommandKind.Lift or OperatorCommandKind.Approve when !IsSuspension(target) => "The target is not the id of a suspension (sus_…).",
                OperatorCommandKind.Dismiss when !IsIncident(target) => "The target is not the id of an incident (inc_…).",
                OperatorCommandKind.Verdict when !IsSuspension(target) && !IsIncident(target) => "The target is neither the id of a suspension (sus_…) nor of an incident (inc_…).",
                OperatorCommandKind.Erase when !AuditErasure.IsTarget(target) => "The target is not the fingerprint of a value.",
                _ => null,
            };
    }

    private static string? Objection(CommandRequest request, string? key) =>
        key is { Length: 0 or > LongestKey } || key?.AsSpan().ContainsAnyExceptInRange('!', '~') == true
            ? $"An idempotency key has 1 to {LongestKey} visible ASCII characters."
            : Objection(request);

    // Another person's key is another key: nobody can take an id away from somebody else.
    private static string IdOf(string actor, string key) =>
        "cmd_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor}\n{key}")).AsSpan(0, 16));

    private static bool IsSuspension(string id) => id.StartsWith("sus_", StringComparison.Ordinal);

    private static bool IsIncident(string id) => id.StartsWith("inc_", StringComparison.Ordinal);

    // JSON would carry something else in its place, and the target would be another.
    private static bool HasLoneSurrogate(string? text)
    {
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && !text!.Contains('\uFFFD', StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private (OperatorCommand? Command, bool IsInJournal) Known(string id)
    {
        if (_outcomes.Find(id) is { } outcome)
        {
            return (outcome.Command, true);
        }

        lock (_gate)
        {
            if (_sent.TryGetValue(id, out var sent))
            {
                return (sent, false);
            }
        }

        return InHistory(id) is { } recorded ? (recorded, true) : (null, false);
    }

    private OperatorCommand? InHistory(string id)
    {
        try
        {
            return _audit.FindJson(id) is { } json && JournalJson.TryRead(Encoding.UTF8.GetBytes(json), out var entry, out _) ? entry as OperatorCommand : null;
        }
        catch (HistoryUnavailableException)
        {
            return null;
        }
    }

    private bool TryNote(OperatorCommand command)
    {
        lock (_gate)
        {
            if (_sent.TryGetValue(command.Id, out var sent))
            {
                return sent == command with { RecordedAt = sent.RecordedAt };
            }

            _sent.Add(command.Id, command);
            _order.Enqueue(command.Id);
            if (_order.Count > Remembered)
            {
                _sent.Remove(_order.Dequeue());
            }

            return true;
        }
    }
}
