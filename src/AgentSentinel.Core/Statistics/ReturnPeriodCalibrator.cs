using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Statistics;

/// <summary>
/// What a detector's surprisal is worth on one agent: turns it into a return period. 16 bytes.
/// </summary>
/// <remarks>
/// The largest surprisals of blocks of equal length follow a Gumbel distribution whatever the distribution of the single ones, as long as its tail is about
/// exponential (Fisher and Tippett 1928; Coles 2001, chapter 3): location and scale by moments, from decayed sums, shrunk towards what is usual among peers.
/// The scale is at least 1 / ln 10, which is what correct probabilities have: a quiet history proves nothing about the tail.
/// </remarks>
public struct ReturnPeriodCalibrator
{
    private const double LeastScale = LogSpace.DecimalPerNatural;
    private const double PriorBlocks = 5;
    private const double LeastWeight = 0.008;

    // √6/π and Euler's constant over it: a Gumbel's scale and location from its deviation and mean.
    private const double ScalePerDeviation = 0.7797;
    private const double LocationPerDeviation = 0.45;

    // A block that stands out farther counts as this far: one attack must not make the next one look usual.
    private const double MostScales = 8;
    private const double MostSurprisal = 1000;

    // −ln (1 − exp(−e)), once in 1.07 blocks.
    private const double OrdinaryScales = -1;
    private const double OrdinaryLogPeriod = 0.0682660312478767;

    private float _blocks;
    private float _mean;
    private float _square;
    private float _largest;

    /// <summary>Blocks seen, up to 1000.</summary>
    public readonly double Blocks => _blocks;

    /// <summary>The largest surprisal of the present block.</summary>
    public readonly double Largest => _largest;

    /// <summary>Takes note of a surprisal of the present block.</summary>
    /// <param name="surprisal">−log10 p, finite and at least 0.</param>
    public void Observe(double surprisal) => _largest = (float)Math.Max(_largest, Math.Min(surprisal, MostSurprisal));

    /// <summary>Ends the block and learns its largest surprisal.</summary>
    /// <param name="prior">What is usual among peers.</param>
    public void EndBlock(in GumbelPrior prior)
    {
        var (location, scale) = Fit(prior);
        var largest = Math.Min(_largest, location + (MostScales * scale));
        _largest = 0;
        _blocks = Math.Min(_blocks + 1, 1000);
        var weight = Math.Max(1 / _blocks, LeastWeight);
        _mean += (float)(weight * (largest - _mean));
        _square += (float)(weight * (((largest - _mean) * (largest - _mean)) - _square));
    }

    /// <summary>Lets what was seen count for so many blocks at most.</summary>
    /// <param name="blocks">At least 0; with 0 it is forgotten.</param>
    public void Limit(double blocks) => _blocks = Math.Min(_blocks, (float)blocks);

    /// <summary>log10 of the return period of a surprisal, in blocks; at least 0.03. About 10 ns, 2 for what is passed in nearly all blocks.</summary>
    /// <param name="surprisal">−log10 p.</param>
    /// <param name="prior">What is usual among peers.</param>
    public readonly double LogReturnPeriod(double surprisal, in GumbelPrior prior)
    {
        var (location, scale) = Fit(prior);
        return LogSpace.DecimalPerNatural * LogPeriod((surprisal - location) / scale);
    }

    /// <summary>The surprisal with this return period: the inverse of <see cref="LogReturnPeriod"/> for periods of ten blocks and more.</summary>
    /// <param name="logBlocks">log10 of the return period in blocks, at least 1.</param>
    /// <param name="prior">What is usual among peers.</param>
    public readonly double Surprisal(double logBlocks, in GumbelPrior prior)
    {
        var (location, scale) = Fit(prior);
        return Math.Max(0, location - (scale * Math.Log(-LogSpace.OnePlus(-Math.Pow(10, -logBlocks)))));
    }

    /// <summary>What the blocks seen say by themselves, without peers; all zero before the first.</summary>
    public readonly GumbelPrior Fit()
    {
        var deviation = Math.Sqrt(_square);
        return new GumbelPrior(_mean - (LocationPerDeviation * deviation), Math.Max(LeastScale, ScalePerDeviation * deviation));
    }

    /// <summary>Writes it, 16 bytes.</summary>
    /// <param name="writer">Where to.</param>
    public readonly void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteSingle(_blocks);
        writer.WriteSingle(_mean);
        writer.WriteSingle(_square);
        writer.WriteSingle(_largest);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At the calibrator.</param>
    /// <exception cref="MemoryFormatException">It is not a calibrator.</exception>
    public static ReturnPeriodCalibrator Load(ref MemoryReader reader) => new()
    {
        _blocks = Read(ref reader, 1000),
        _mean = Read(ref reader, MostSurprisal),
        _square = Read(ref reader, MostSurprisal * MostSurprisal),
        _largest = Read(ref reader, MostSurprisal),
    };

    private static float Read(ref MemoryReader reader, double most)
    {
        var value = reader.ReadSingle();
        return value >= 0 && value <= most ? value : throw reader.Damaged("a number that a calibrator cannot have");
    }

    /// <summary>−ln (1 − exp(−e^−z)): of the largest of a block, in natural logarithms.</summary>
    private static double LogPeriod(double z)
    {
        if (z < 0)
        {
            // What is passed in nearly all blocks is nothing, however little it is.
            return z <= OrdinaryScales ? OrdinaryLogPeriod : -Math.Log(1 - Math.Exp(-Math.Exp(-z)));
        }

        // 1 − e^−y is y e^(−y/2) sinh(u)/u with u = y/2 ≤ ½, and ln(sinh(u)/u) is u²/6 − u⁴/180 + u⁶/2835 − …: no digit is lost, and one exponential is enough.
        var u = Math.Exp(-z) / 2;
        var square = u * u;
        return z + u - (square * (1.0 / 6 - (square * (1.0 / 180 - (square * (1.0 / 2835 - (square * (1.0 / 37800 - (square * (1.0 / 467775 - (square * (691.0 / 3831077250 - (square * (2.0 / 127702575))))))))))))));
    }

    private readonly (double Location, double Scale) Fit(in GumbelPrior prior)
    {
        var trust = _blocks / (_blocks + PriorBlocks);
        var deviation = Math.Sqrt(_square);
        var scale = Math.Max(LeastScale, (trust * ScalePerDeviation * deviation) + ((1 - trust) * prior.Scale));
        return ((trust * (_mean - (LocationPerDeviation * deviation))) + ((1 - trust) * prior.Location), scale);
    }
}
