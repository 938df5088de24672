using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>
/// Flows that raised an alarm, and with how many values: one that does so in session after session with another value each time, for longer than a day, is work that the
/// agent was given after it had been learned. What somebody planted has the values that he wants, the same ones again. Only how usual the flow is becomes known,
/// never a value; what goes on trial at all is for <see cref="LineageMemory"/> to say. At most 8 flows, the oldest makes room. Owned by one <see cref="LineageMemory"/>.
/// </summary>
internal struct LineageHabits
{
    /// <summary>Values, each in a session of its own, that make a habit.</summary>
    public const int Enough = 3;

    private const int Most = 8;

    private static readonly TimeSpan Length = TimeSpan.FromDays(1);

    private List<(LineageFact First, ulong Second, DateTimeOffset Since)>? _flows;

    /// <summary>Notes that a flow raised an alarm in a session that had raised none.</summary>
    /// <returns>The flow when it is a habit, with the place that all of its values had in common: it is on trial no longer.</returns>
    public LineageFact? Try(in LineageFact fact, DateTimeOffset now)
    {
        _flows ??= new List<(LineageFact, ulong, DateTimeOffset)>(1);
        var (argument, source) = (fact.Argument, fact.Source);
        var at = _flows.FindIndex(flow => flow.First.Argument == argument && flow.First.Source == source);
        if (at < 0)
        {
            if (_flows.Count == Most)
            {
                _flows.RemoveAt(0);
            }

            _flows.Add((fact, 0, now));
            return null;
        }

        var (first, second, since) = _flows[at];
        if (fact.Value == first.Value || fact.Value == second)
        {
            return null;
        }

        first = first.Place == fact.Place ? first : first with { Place = 0 };
        if (second == 0 || now - since < Length)
        {
            _flows[at] = (first, second == 0 ? fact.Value : second, since);
            return null;
        }

        _flows.RemoveAt(at);
        return first;
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)(_flows?.Count ?? 0));
        foreach (var (first, second, since) in _flows ?? [])
        {
            first.Save(writer);
            writer.WriteUInt64(second);
            writer.WriteTime(since);
        }
    }

    public static LineageHabits Load(ref MemoryReader reader)
    {
        var habits = default(LineageHabits);
        for (var left = reader.ReadUpTo(Most); left > 0; left--)
        {
            (habits._flows ??= new List<(LineageFact, ulong, DateTimeOffset)>(1)).Add((LineageFact.Load(ref reader), reader.ReadUInt64(), reader.ReadTime()));
        }

        return habits;
    }
}
