using System.Numerics;
using System.Runtime.CompilerServices;

namespace AgentSentinel.Simulator.Randomness;

/// <summary>
/// The simulator's only source of chance: xoshiro256** (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators",
/// section 4.3 and appendix), seeded by SplitMix64 (Steele, Lea and Flood 2014). Owned by one generator at a time; not thread-safe.
/// </summary>
/// <remarks>
/// <see cref="System.Random"/> is not used because its algorithm may change between runtimes, and a fleet must be the same next year.
/// Independent streams come from mixing keys into the seed, so that one agent's draws never shift another's.
/// </remarks>
internal sealed class SeededRandom
{
    private const double UnitOf53Bits = 1.0 / (1UL << 53);

    // Knuth's product needs exp(-mean) well inside the double range, and loses precision long before it leaves it.
    private const double PoissonChunk = 16;

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spareNormal = double.NaN;

    public SeededRandom(int seed, params ReadOnlySpan<int> stream)
    {
        ulong state = (uint)seed;
        foreach (int key in stream)
        {
            state = SplitMix(ref state) ^ (uint)key;
        }

        // SplitMix64 never yields four zeros in a row, which is the one state xoshiro cannot leave.
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    private SeededRandom(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>The generator in a given state, not all zero: for the reference vectors of its authors.</summary>
    public static SeededRandom InState(ulong s0, ulong s1, ulong s2, ulong s3) => new(s0, s1, s2, s3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (NextBits() >> 11) * UnitOf53Bits;

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Uniform over 0 … count − 1, by multiplication (Lemire 2019); its bias is below count / 2⁶⁴.</summary>
    public int Below(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>Uniform over 0 … count − 1.</summary>
    public long Below(long count) => (long)Math.BigMul(NextBits(), (ulong)count, out _);

    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Uniform on the logarithm's scale: as likely to double as to halve.</summary>
    public double LogUniform(double low, double high) => low * Math.Exp(Uniform() * Math.Log(high / low));

    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>Standard normal by the polar method (Marsaglia and Bray 1964).</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            double spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        while (true)
        {
            double u = (2 * Uniform()) - 1;
            double v = (2 * Uniform()) - 1;
            double s = (u * u) + (v * v);
            if (s is < 1 and > 0)
            {
                double scale = Math.Sqrt(-2 * Math.Log(s) / s);
                _spareNormal = v * scale;
                return u * scale;
            }
        }
    }

    /// <summary>Log-normal with the given median; sigma is the standard deviation of the logarithm.</summary>
    public double LogNormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

    /// <summary>Gamma with the given shape and mean (Marsaglia and Tsang 2000, "A simple method for generating gamma variables").</summary>
    public double Gamma(double shape, double mean)
    {
        if (shape < 1)
        {
            // Their section 6: G(a) = G(a + 1) · U^(1/a).
            double boost = Math.Pow(1 - Uniform(), 1 / shape);
            return Gamma(shape + 1, mean * (shape + 1) / shape) * boost;
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal();
            double root = 1 + (c * x);
            if (root <= 0)
            {
                continue;
            }

            double v = root * root * root;
            if (Math.Log(1 - Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v * mean / shape;
            }
        }
    }

    /// <summary>Poisson by Knuth's product, in chunks; exact, cost O(mean).</summary>
    public int Poisson(double mean)
    {
        int count = 0;
        for (; mean > PoissonChunk; mean -= PoissonChunk)
        {
            count += SmallPoisson(PoissonChunk);
        }

        return count + SmallPoisson(mean);
    }

    /// <summary>Negative binomial as a gamma mixture of Poissons: variance = mean + mean² / shape.</summary>
    public int NegativeBinomial(double mean, double shape) => mean <= 0 ? 0 : Poisson(Gamma(shape, mean));

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Fisher–Yates, in place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private int SmallPoisson(double mean)
    {
        double limit = Math.Exp(-mean);
        double product = Uniform();
        int count = 0;
        while (product > limit)
        {
            product *= Uniform();
            count++;
        }

        return count;
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
