using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Sums over the present bin, half hour, hour or block. 16 bytes.</summary>
internal struct CallSums
{
    private const double Most = 1e11;

    /// <summary>What was counted.</summary>
    public float Count;

    /// <summary>What of it is to be learned.</summary>
    public float Learned;

    /// <summary>What was expected.</summary>
    public float Mean;

    /// <summary>What the profile alone expected.</summary>
    public float Profile;

    public void Add(double count, double learned, double mean, double profile)
    {
        Count += (float)count;
        Learned += (float)learned;
        Mean += (float)mean;
        Profile += (float)profile;
    }

    public void Add(in CallSums sums) => Add(sums.Count, sums.Learned, sums.Mean, sums.Profile);

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteSingle(Count);
        writer.WriteSingle(Learned);
        writer.WriteSingle(Mean);
        writer.WriteSingle(Profile);
    }

    public void Load(ref MemoryReader reader)
    {
        Count = SavedFloat.Read(ref reader, 0, Most);
        Learned = SavedFloat.Read(ref reader, 0, Most);
        Mean = SavedFloat.Read(ref reader, 0, Most);
        Profile = SavedFloat.Read(ref reader, 0, Most);
    }
}
