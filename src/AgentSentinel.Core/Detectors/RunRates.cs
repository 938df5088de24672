using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>How often runs of one kind begin and how often they go on, as decayed counts. 16 bytes. Owned by one detector or one of its memories.</summary>
internal struct RunRates
{
    /// <summary>Who tells of each other's beginnings: agents that are new, those that have not begun a run for long, and those that have.</summary>
    public const int Experiences = 3;

    /// <summary>Who has begun runs: of how they go on nobody else can tell.</summary>
    public const int Experienced = 2;

    private const int New = 0;
    private const int Inexperienced = 1;

    // So many calls say that an agent does not do what every hundredth call would.
    private const float FewCalls = 100;
    private const float Once = 0.5f;

    // More than any memory of this length holds: saved memory that tells of more is damaged.
    private const double Most = 1e9;

    // Weight of what is otherwise known, in calls and in steps.
    private const double LeastCalls = 25;
    private const double LeastSteps = 4;

    private float _calls;
    private float _begun;
    private float _steps;
    private float _goneOn;

    public readonly bool IsEmpty => _calls == 0 && _steps == 0;

    /// <summary>Among whom an agent is, of which this was counted.</summary>
    public readonly int Experience => _begun >= Once ? Experienced : _calls < FewCalls ? New : Inexperienced;

    /// <summary>Chance that a call begins a run: what is otherwise known, or what was counted here when that is more.</summary>
    /// <param name="otherwise">What it is elsewhere; &gt; 0.</param>
    public readonly double Begin(double otherwise) =>
        Math.Max(Shrinkage.Rate(_begun, _calls, otherwise, LeastCalls), (_begun - 0.5) / (_calls + LeastCalls));

    /// <summary>Chance that a run goes on.</summary>
    /// <param name="otherwise">What it is elsewhere; &gt; 0.</param>
    public readonly double GoOn(double otherwise) => Shrinkage.Rate(_goneOn, _steps, otherwise, LeastSteps);

    /// <summary>The further a run has gone, the likelier it goes on: some are long.</summary>
    /// <param name="chance">The chance before anything was seen of it.</param>
    /// <param name="length">How often it has gone on already.</param>
    public static double GoOnAfter(double chance, int length) => (length + (LeastSteps * chance)) / (length + LeastSteps);

    public void CountCall(float keep, bool begins)
    {
        _calls = (_calls * keep) + 1;
        _begun = (_begun * keep) + (begins ? 1 : 0);
    }

    public void CountSteps(float keep, int goneOn, int ended)
    {
        var kept = MathF.Pow(keep, goneOn + ended);
        _steps = (_steps * kept) + goneOn + ended;
        _goneOn = (_goneOn * kept) + goneOn;
    }

    /// <summary>Gives all that was counted less weight.</summary>
    public void Scale(float weight) => (_calls, _begun, _steps, _goneOn) = (_calls * weight, _begun * weight, _steps * weight, _goneOn * weight);

    /// <summary>Most counts of most agents are 0, which takes a bit.</summary>
    public readonly void Save(MemoryWriter writer)
    {
        ReadOnlySpan<float> counts = [_calls, _begun, _steps, _goneOn];
        var used = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            used |= counts[i] > 0 ? 1 << i : 0;
        }

        writer.WriteByte((byte)used);
        foreach (var count in counts)
        {
            if (count > 0)
            {
                writer.WriteSingle(count);
            }
        }
    }

    public static RunRates Load(ref MemoryReader reader)
    {
        var used = reader.ReadByte();
        Span<float> counts = stackalloc float[4];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (used & (1 << i)) != 0 ? reader.ReadSingle() : 0;
        }

        var rates = new RunRates { _calls = counts[0], _begun = counts[1], _steps = counts[2], _goneOn = counts[3] };
        return used < 1 << counts.Length && rates._calls is >= 0 and <= (float)Most && rates._begun >= 0 && rates._begun <= rates._calls
            && rates._steps is >= 0 and <= (float)Most && rates._goneOn >= 0 && rates._goneOn <= rates._steps
            ? rates
            : throw reader.Damaged("counts of runs that cannot be");
    }
}
