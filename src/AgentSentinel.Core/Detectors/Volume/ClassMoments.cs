using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Mean and variance of a quantity in one class of circumstances, with a bounded memory. 12 bytes.</summary>
internal struct ClassMoments
{
    private const float MostWeight = 200;
    private const double Most = 1e6;

    private float _weight;
    private float _mean;
    private float _square;

    /// <summary>Observations remembered.</summary>
    public readonly double Weight => _weight;

    public readonly double Mean => _mean;

    public readonly double Variance => _square;

    /// <summary>
    /// ln of the probability of a value at least so large: Student's t for the next observation, what is known mixed with a prior that is worth a few.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="prior">What is believed without observations.</param>
    /// <param name="least">Least standard deviation.</param>
    public readonly double LogUpperTail(double value, in ClassPrior prior, double least)
    {
        var (weight, mean, deviation) = Mixed(prior, least);
        return StudentT.LogUpperTail((value - mean) / (deviation * Math.Sqrt(1 + (1 / weight))), Math.Max(2, weight - 1));
    }

    /// <summary>The largest value whose tail is not below a probability, up to a hundred deviations over the mean.</summary>
    /// <param name="logProbability">Its natural logarithm.</param>
    /// <param name="prior">What is believed without observations.</param>
    /// <param name="least">Least standard deviation.</param>
    public readonly double Quantile(double logProbability, in ClassPrior prior, double least)
    {
        var (_, mean, deviation) = Mixed(prior, least);
        var (low, high) = (mean, mean + (100 * deviation));
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = LogUpperTail(middle, prior, least) > logProbability ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The weight, mean and standard deviation with a prior.</summary>
    public readonly (double Weight, double Mean, double Deviation) Mixed(in ClassPrior prior, double least)
    {
        var weight = _weight + prior.Weight;
        var mean = ((_weight * _mean) + (prior.Weight * prior.Mean)) / weight;
        var between = _weight * prior.Weight / weight * (_mean - prior.Mean) * (_mean - prior.Mean);
        var variance = ((_weight * _square) + (prior.Weight * prior.Deviation * prior.Deviation) + between) / weight;
        return (weight, mean, Math.Max(least, Math.Sqrt(variance)));
    }

    /// <summary>Learns a value that is suspicious as if it stood out by no more than two deviations: bounded and slow, so that a new habit arrives in the end.</summary>
    public void LearnSuspicious(double value, in ClassPrior prior, double least)
    {
        var (_, mean, deviation) = Mixed(prior, least);
        Learn(Math.Min(value, mean + (2 * deviation)));
    }

    /// <summary>Learns a value.</summary>
    public void Learn(double value)
    {
        value = Math.Clamp(value, -Most, Most);
        _weight = Math.Min(_weight + 1, MostWeight);
        var step = (float)(value - _mean) / _weight;
        var error = (float)(value - _mean);
        _mean += step;
        _square += ((error * (float)(value - _mean)) - _square) / _weight;
        _square = Math.Max(0, _square);
    }

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteSingle(_weight);
        writer.WriteSingle(_mean);
        writer.WriteSingle(_square);
    }

    public void Load(ref MemoryReader reader)
    {
        _weight = SavedFloat.Read(ref reader, 0, MostWeight);
        _mean = SavedFloat.Read(ref reader, -Most, Most);
        _square = SavedFloat.Read(ref reader, 0, 4 * Most * Most);
    }
}
