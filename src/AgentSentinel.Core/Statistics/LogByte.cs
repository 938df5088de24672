namespace AgentSentinel.Core.Statistics;

/// <summary>
/// Numbers of a wide range in one byte each: 0, and 255 values from 2⁻¹⁴ to 2¹⁷·⁷⁵ in steps of an eighth of an octave (9 %).
/// </summary>
/// <remarks>
/// A number between two values becomes the one or the other at random, with chances that keep its mean: small updates, which plain rounding would lose
/// every time, arrive on average (stochastic rounding; Croci et al. 2022, section 3). The randomness is a hash of what the caller counts, so that a replay
/// rounds alike. Relative error of one rounding at most 9 %, of its mean none; numbers below the least value become 0 or it; above the largest they become it.
/// </remarks>
public static class LogByte
{
    /// <summary>The least number over 0.</summary>
    public const double Least = 1.0 / 16384;

    /// <summary>The largest number, 2¹⁷·⁷⁵.</summary>
    public const double Largest = 220435.94;

    /// <summary>The byte of 1.</summary>
    public const byte One = 1 + (StepsPerOctave * Octaves);

    private const int StepsPerOctave = 8;
    private const int Octaves = 14;

    private static readonly float[] Values = [0, .. Enumerable.Range(0, 255).Select(i => (float)Math.Pow(2, ((double)i / StepsPerOctave) - Octaves))];

    /// <summary>The number that a byte stands for.</summary>
    /// <param name="code">Any.</param>
    public static float Decode(byte code) => Values[code];

    /// <summary>The byte of a number. About 5 ns.</summary>
    /// <param name="value">What is negative or not a number counts as 0.</param>
    /// <param name="noise">Any hash that differs from one rounding to the next; see <see cref="Noise"/>.</param>
    public static byte Encode(double value, ulong noise)
    {
        if (!(value > 0))
        {
            return 0;
        }

        if (value >= Values[255])
        {
            return 255;
        }

        var low = 0;
        if (value >= Least)
        {
            // The octave is the exponent, the step in it one of eight.
            low = 1 + (StepsPerOctave * (Math.ILogB(value) + Octaves));
            low += value >= Values[low + 4] ? 4 : 0;
            low += value >= Values[low + 2] ? 2 : 0;
            low += value >= Values[low + 1] ? 1 : 0;
        }

        var part = (noise >> 11) * (1.0 / (1UL << 53));
        return (byte)(part * (Values[low + 1] - Values[low]) < value - Values[low] ? low + 1 : low);
    }

    /// <summary>A hash of a moment and a place (finaliser of SplitMix64; Steele et al. 2014).</summary>
    /// <param name="time">A count of anything that goes on.</param>
    /// <param name="place">Tells apart what is rounded at the same moment.</param>
    public static ulong Noise(long time, int place)
    {
        var z = unchecked(((ulong)time * 0x9E3779B97F4A7C15) + ((ulong)place * 0xD1B54A32D192ED03));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
