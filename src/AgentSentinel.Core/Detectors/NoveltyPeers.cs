using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>How often calls of a group of agents brought a new name, by the agents' age in calls (powers of two). 1.5 KB. Owned by one <see cref="Novelty"/>.</summary>
internal sealed class NoveltyPeers
{
    private const int Features = 3;
    private const int Ages = 32;

    // Calls of the group at an age that what is otherwise known counts as.
    private const double PriorCalls = 30;

    private readonly double[] _calls = new double[Features * Ages];
    private readonly double[] _new = new double[Features * Ages];

    /// <summary>Age of an agent that made so many calls.</summary>
    public static int Age(long calls) => Math.Min(System.Numerics.BitOperations.Log2((ulong)calls + 1), Ages - 1);

    /// <summary>How often a call of an agent of this age brings a new name.</summary>
    public double Hazard(int feature, int age) => (_new[At(feature, age)] + 0.5) / (_calls[At(feature, age)] + 1 + (1 << Math.Min(age, 20)));

    /// <summary>The same, mixed with what is otherwise known.</summary>
    public double Hazard(int feature, int age, double otherwise) => Shrinkage.Rate(_new[At(feature, age)], _calls[At(feature, age)], otherwise, PriorCalls);

    public void Tell(int feature, int age, bool isNew)
    {
        _calls[At(feature, age)]++;
        _new[At(feature, age)] += isNew ? 1 : 0;
    }

    public void Save(MemoryWriter writer)
    {
        for (var i = 0; i < _calls.Length; i++)
        {
            writer.WriteDouble(_calls[i]);
            writer.WriteDouble(_new[i]);
        }
    }

    public static NoveltyPeers Load(ref MemoryReader reader)
    {
        var peers = new NoveltyPeers();
        for (var i = 0; i < peers._calls.Length; i++)
        {
            peers._calls[i] = reader.ReadWithin(0, Novelty.MostCalls);
            peers._new[i] = reader.ReadWithin(0, peers._calls[i]);
        }

        return peers;
    }

    private static int At(int feature, int age) => (feature * Ages) + age;
}
