using System.Runtime.InteropServices;
using AgentSentinel.Core.Detection;

namespace AgentSentinel.Service.History;

/// <summary>
/// Bounds how many time series an agent can make: its first names of each kind have one each, all later ones are the rest. An agent that writes to
/// a new address every minute would otherwise make a new series every minute, and a time-series store is killed by series, not by points.
/// One for each partition, used by its pipeline. Memory: at most 20 MB.
/// </summary>
/// <remarks>A restart forgets, so that an agent may come to some more names than these: the writers' retention forgets the earlier ones.</remarks>
internal sealed class NameAdmission
{
    /// <summary>Names of one kind that an agent may have.</summary>
    public const int MostNames = 24;

    private const int MostAgents = 40_000;

    // Whoever came first has the smallest position in both; the older half is forgotten when it is full.
    private readonly Dictionary<string, Names> _older = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Names> _newer = new(StringComparer.Ordinal);

    /// <summary>Merges what is not admitted into the rest of its window.</summary>
    /// <param name="values">Windows as the engine gives them: an agent, then its tools, then its datasets.</param>
    public void Admit(List<WindowValue> values)
    {
        var all = CollectionsMarshal.AsSpan(values);
        var (kept, names, rest) = (0, default(Names), -1);
        for (var i = 0; i < all.Length; i++)
        {
            ref readonly var value = ref all[i];
            if (value.Dimension == WindowDimension.Agent)
            {
                names = Of(value.AgentId);
                all[kept++] = value;
                continue;
            }

            var isNewList = i == 0 || all[kept - 1].Dimension != value.Dimension;
            rest = isNewList ? -1 : rest;
            if (!value.IsRest && (names is null || names.Admit(value.Dimension, value.Name)))
            {
                all[kept++] = value;
            }
            else if (rest < 0)
            {
                rest = kept;
                all[kept++] = value with { Name = WindowValue.Rest, IsRest = true };
            }
            else
            {
                all[rest] = all[rest].Plus(value);
            }
        }

        CollectionsMarshal.SetCount(values, kept);
    }

    private Names Of(string agentId)
    {
        if (_newer.TryGetValue(agentId, out var names))
        {
            return names;
        }

        if (_newer.Count == MostAgents / 2)
        {
            _older.Clear();
            foreach (var (agent, known) in _newer)
            {
                _older.Add(agent, known);
            }

            _newer.Clear();
        }

        names = _older.TryGetValue(agentId, out var old) ? old : new Names();
        _newer.Add(agentId, names);
        return names;
    }

    /// <summary>Fingerprints of an agent's admitted names.</summary>
    private sealed class Names
    {
        private readonly List<int> _tools = new(2);
        private readonly List<int> _datasets = new(2);

        public bool Admit(WindowDimension dimension, string name)
        {
            var known = dimension == WindowDimension.Tool ? _tools : _datasets;

            // Keyed anew in every process, so that nobody can look for names that collide.
            var fingerprint = string.GetHashCode(name, StringComparison.Ordinal);
            if (known.Contains(fingerprint))
            {
                return true;
            }

            if (known.Count == MostNames)
            {
                return false;
            }

            known.Add(fingerprint);
            return true;
        }
    }
}
