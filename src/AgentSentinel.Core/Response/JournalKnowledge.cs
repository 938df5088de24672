using AgentSentinel.Core.Registry;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Response;

/// <summary>
/// What a partition of tool calls has taken over from the journal: changes of the registry, and what people found harmless. It comes beside the partition's own
/// log, so that it is saved with the offset of the first call that it holds for. Owned by one <c>DetectionEngine</c>.
/// </summary>
internal sealed class JournalKnowledge
{
    private static readonly StateKey AmendmentsKey = new(StateKind.RegistryEntry, "");
    private static readonly StateKey DismissalKey = new(StateKind.Dismissal, "");

    private RegistryAmendments _amendments = RegistryAmendments.None;
    private IReadOnlyList<Dismissal> _dismissals = [];
    private DateTimeOffset _dismissedUntil;
    private bool _isAmended;
    private bool _isDismissed;

    /// <summary>True when the journal changes anything of the registry.</summary>
    public bool AmendsRegistry => _amendments.NextOffset > 0;

    /// <summary>The registry in force.</summary>
    public AgentRegistry Over(AgentRegistry declared) => _amendments.Over(declared);

    /// <summary>Takes over changes of the registry. What says less than is known already changes nothing.</summary>
    /// <returns>True when something changed.</returns>
    public bool Amend(RegistryAmendments amendments)
    {
        if (amendments.NextOffset <= _amendments.NextOffset)
        {
            return false;
        }

        var changes = !amendments.SayTheSameAs(_amendments);
        _amendments = amendments;
        _isAmended |= changes;
        return changes;
    }

    /// <summary>Takes over dismissals, in order of time.</summary>
    /// <returns>Those that were not known.</returns>
    public IReadOnlyList<Dismissal> Accept(IReadOnlyList<Dismissal> dismissals)
    {
        if (ReferenceEquals(dismissals, _dismissals))
        {
            return [];
        }

        _dismissals = dismissals;
        Dismissal[] news = [.. dismissals.Where(dismissal => dismissal.At > _dismissedUntil)];
        if (news.Length > 0)
        {
            (_dismissedUntil, _isDismissed) = (dismissals[^1].At, true);
        }

        return news;
    }

    public void Save(IStateWriter writer, MemoryWriter scratch)
    {
        if (_isAmended)
        {
            scratch.Clear();
            _amendments.Save(scratch);
            writer.Write(AmendmentsKey, scratch.Written);
        }

        if (_isDismissed)
        {
            scratch.Clear();
            scratch.WriteTime(_dismissedUntil);
            writer.Write(DismissalKey, scratch.Written);
        }

        _isAmended = _isDismissed = false;
    }

    public void Load(IStateReader saved)
    {
        if (saved.TryRead(AmendmentsKey, out var amendments))
        {
            var reader = new MemoryReader(amendments.Span);
            _amendments = RegistryAmendments.Load(ref reader);
        }

        if (saved.TryRead(DismissalKey, out var dismissed))
        {
            var reader = new MemoryReader(dismissed.Span);
            _dismissedUntil = reader.ReadTime();
        }
    }
}
