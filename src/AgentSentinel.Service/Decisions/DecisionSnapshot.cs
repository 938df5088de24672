using AgentSentinel.Core;
using AgentSentinel.Core.Response;

namespace AgentSentinel.Service.Decisions;

/// <summary>All suspensions in force at one place of the journal. Never changes: any thread reads it without a lock.</summary>
internal sealed class DecisionSnapshot
{
    private readonly Dictionary<string, Denial[]> _byAgent;
    private readonly Dictionary<string, Denial> _byCredential;
    private readonly Lazy<DecisionAnswer> _all;
    private readonly Lazy<DecisionAnswer> _allWhileStale;

    private DecisionSnapshot(long nextOffset, IReadOnlyList<Denial> denials)
    {
        NextOffset = nextOffset;
        Denials = denials;
        _all = new(() => DecisionAnswer.All(denials, isCurrent: true));
        _allWhileStale = new(() => DecisionAnswer.All(denials, isCurrent: false));

        // The widest first, and of those the one that lasts longest: the first that concerns the asker is the answer.
        _byAgent = denials
            .GroupBy(d => d.AgentId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(d => d.Target.Kind).ThenByDescending(d => d.ExpiresAt).ToArray(), StringComparer.Ordinal);
        _byCredential = denials
            .Where(d => d.Target.Kind == SuspensionTargetKind.Credential)
            .GroupBy(d => d.Target.Id, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.MaxBy(d => d.ExpiresAt)!, StringComparer.Ordinal);
    }

    /// <summary>Offset of the journal entry that comes next.</summary>
    public long NextOffset { get; }

    /// <summary>By suspension, in ordinal order of their ids.</summary>
    public IReadOnlyList<Denial> Denials { get; }

    /// <summary>All denials as one answer.</summary>
    public DecisionAnswer All(bool isCurrent) => (isCurrent ? _all : _allWhileStale).Value;

    public static DecisionSnapshot Of(ResponseEngine engine, long nextOffset) =>
        new(nextOffset, [.. engine.Suspensions.Values.Where(s => s.IsInForce).Select(s => new Denial(s))]);

    /// <summary>What <see cref="ResponseEngine.Forbidding"/> would say: the widest suspension that forbids it, or null. Allocates nothing.</summary>
    public Denial? Find(string agentId, string? sessionId, string? credentialId)
    {
        if (_byAgent.TryGetValue(agentId, out var denials))
        {
            foreach (var denial in denials)
            {
                if (denial.Concerns(sessionId, credentialId))
                {
                    return denial;
                }
            }
        }

        return credentialId is not null ? _byCredential.GetValueOrDefault(credentialId) : null;
    }
}
