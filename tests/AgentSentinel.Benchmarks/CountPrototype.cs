using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Benchmarks;

/// <summary>
/// What the product's judgement of calls is compared with: the model that its design began with, as simple as it was written down. Three experts (hour of the week
/// times the level of the last days, the same times the shape of the day, the mean of the last hours), negative binomial windows of 1, 5, 60 and 360 minutes, a
/// Shiryaev–Roberts scan for drift, and a Gumbel calibrator for each. It is looser than it says: a promise of one alert in 30 days is asked of it as one in 60.
/// </summary>
/// <param name="thresholdDays">Return period in days from which on there is an alert.</param>
/// <param name="rates">The true rate of each minute, which it then need not learn: what no model that has to learn can do better than. Null: it learns.</param>
internal sealed class CountPrototype(double thresholdDays, float[]? rates) : ICountScorer
{
    private const int Drift = 4;
    private const int Ring = 360;
    private const int AlertEndsAfter = 60;
    private const double PromisedOverAsked = 2;

    private static readonly int[] Minutes = [1, 5, 60, 360];
    private static readonly int[] Strides = [1, 1, 5, 30];
    private static readonly double[] Shares = [.22, .22, .22, .28, .06];
    private static readonly double[] PriorLocations = [1.69, 1.40, .86, .35, .67];
    private static readonly double[] PriorScales = [.51, .55, .56, .44, .65];
    private static readonly double[] Drifts = [1.25, 1.5, 2.5];

    private readonly Rate[] _hours = new Rate[168];
    private readonly Rate[] _dayTypes = new Rate[48];
    private readonly Rate[] _days = new Rate[24];
    private readonly (double Counted, double Expected)[] _bins = new (double, double)[288];
    private readonly double[] _scores = new double[3];
    private readonly double[] _weights = [1.0 / 3, 1.0 / 3, 1.0 / 3];
    private readonly double[] _counts = new double[Ring];
    private readonly double[][] _means = [new double[Ring], new double[Ring], new double[Ring]];
    private readonly double[] _bands = new double[Ring];
    private readonly (double Excess, double Squares)[] _dispersions = [(1.2, 8), (1.2, 8), (1.2, 8), (1.2, 8)];
    private readonly Calibrator[] _calibrators = [new(0), new(1), new(2), new(3), new(4)];
    private readonly double[] _drifts = new double[3];
    private double _rate;
    private double _level = 1;
    private double _recent;
    private (double Counted, double Expected) _levels;
    private double _inHour;
    private (double Counted, double Expected) _inBin;
    private int _lastOver = int.MinValue / 2;

    public bool Open(int minute, int calls) => false;

    public bool Close(int minute, int calls)
    {
        var (hour, bin, days) = (minute / 60 % 168, minute / 5 % 288, minute / 1440.0);
        if (minute % 60 == 0)
        {
            (_rate, _level) = (RateOf(hour), days < 7 ? 1 : Math.Clamp((_levels.Counted + 2) / (_levels.Expected + 2), 1.0 / 3, 3));
        }

        Expect(minute, bin);
        var at = minute % Ring;
        _counts[at] = calls;
        var mean = Mix(k => _means[k][at]);
        var isOver = false;
        for (var w = 0; w < Minutes.Length; w++)
        {
            if ((minute + 1) % Strides[w] == 0 && minute + 1 >= Minutes[w])
            {
                isOver |= Window(w, minute, days);
            }
        }

        isOver |= (minute + 1) % 60 == 0 && days >= 7 && Drifting(minute, days);
        if ((minute + 1) % 360 == 0 && days >= 1)
        {
            Array.ForEach(_calibrators, calibrator => calibrator.EndBlock());
        }

        var dispersion = Dispersion(0);
        Learn(minute, days < 1 ? calls : Math.Min(calls, mean + (6 * Math.Sqrt(mean + (dispersion * mean * mean))) + 6), dispersion);
        var isNews = isOver && minute - _lastOver > AlertEndsAfter;
        _lastOver = isOver ? minute : _lastOver;
        return isNews;
    }

    /// <summary>What each expert says of the minute.</summary>
    private void Expect(int minute, int bin)
    {
        var at = minute % Ring;
        var profile = _level * _rate;
        _means[0][at] = profile;
        _means[1][at] = profile * Shape(bin);
        _means[2][at] = _recent;
        _bands[at] = profile * Math.Max(Shape(bin), Math.Max(Shape((bin + 1) % 288), Shape((bin + 287) % 288)));
        if (rates is not null)
        {
            _means[0][at] = _means[1][at] = _means[2][at] = _bands[at] = rates[minute] + 1e-6;
        }
    }

    private bool Window(int window, int minute, double days)
    {
        var length = Minutes[window];
        var (count, spans) = (0.0, new double[3]);
        for (var t = minute - length + 1; t <= minute; t++)
        {
            var at = t % Ring;
            count += _counts[at];
            spans[0] += _means[0][at];
            spans[1] += window < 2 ? _bands[at] : _means[1][at];
            spans[2] += _means[2][at];
        }

        var (mean, dispersion) = (Mix(k => spans[k]), Dispersion(window));
        var surprisal = count <= mean ? 0
            : -Math.Log10(Math.Max(1e-300, Mix(k => Math.Exp(NegativeBinomial.LogUpperTail((long)count, spans[k] + .02, dispersion)))));
        if ((minute + 1) % length == 0)
        {
            var most = (8 * Math.Sqrt(mean + (dispersion * mean * mean))) + 8;
            var error = Math.Clamp(count - mean, -most, most);
            var keep = Math.Exp(-length / (7 * 1440.0));
            ref var spread = ref _dispersions[window];
            spread = ((keep * spread.Excess) + (error * error) - mean, (keep * spread.Squares) + (mean * mean));
            if (minute + 1 == 7 * 1440)
            {
                var squares = 8 * Math.Max(mean * mean, 1e-6);
                spread = (squares * Math.Max(Dispersion(window), .01), squares);
            }
        }

        return IsOver(window, surprisal, days);
    }

    private bool Drifting(int minute, double days)
    {
        var (count, mean, weight) = (0.0, .02, _weights[0] + _weights[1]);
        for (var t = minute - 59; t <= minute; t++)
        {
            var at = t % Ring;
            count += _counts[at];
            mean += ((_weights[0] * _means[0][at]) + (_weights[1] * _means[1][at])) / weight;
        }

        var (dispersion, sum) = (Dispersion(2), 0.0);
        for (var j = 0; j < Drifts.Length; j++)
        {
            var log = NegativeBinomial.LogMass((long)count, Drifts[j] * mean, dispersion) - NegativeBinomial.LogMass((long)count, mean, dispersion);
            _drifts[j] = Math.Min(1e250, ((.95 * _drifts[j]) + 1) * Math.Exp(Math.Min(4, log)));
            sum += _drifts[j] / Drifts.Length;
        }

        var isOver = IsOver(Drift, Math.Log10(sum), days);
        if (isOver)
        {
            Array.Clear(_drifts);
        }

        return isOver;
    }

    private bool IsOver(int channel, double surprisal, double days)
    {
        var calibrator = _calibrators[channel];
        calibrator.Observe(days < 1 ? 0 : surprisal);
        var provisional = days < 14 ? 10 : 1;
        return days >= 1 && calibrator.Days(surprisal) * Shares[channel] >= PromisedOverAsked * provisional * thresholdDays;
    }

    private void Learn(int minute, double learned, double dispersion)
    {
        var (at, best) = (minute % Ring, double.NegativeInfinity);
        for (var k = 0; k < 3; k++)
        {
            _scores[k] = (.999 * _scores[k]) + NegativeBinomial.LogMass((long)learned, _means[k][at] + .001, dispersion);
            best = Math.Max(best, _scores[k]);
        }

        for (var k = 0; k < 3; k++)
        {
            _scores[k] = Math.Max(_scores[k] - best, -30);
            _weights[k] = Math.Max(Math.Exp(_scores[k]), 1e-5);
        }

        var sum = _weights.Sum();
        for (var k = 0; k < 3; k++)
        {
            _weights[k] /= sum;
        }

        _recent += (1 - Math.Pow(2, -1 / 360.0)) * (learned - _recent);
        if (minute >= 7 * 1440)
        {
            var keep = Math.Pow(2, -1 / 4320.0);
            _levels = ((keep * _levels.Counted) + learned, (keep * _levels.Expected) + _rate);
        }

        _inBin = (_inBin.Counted + learned, _inBin.Expected + (_level * _rate));
        if ((minute + 1) % 5 == 0)
        {
            ref var bin = ref _bins[minute / 5 % 288];
            bin = minute < 2 * 1440 ? bin : ((.9 * bin.Counted) + _inBin.Counted, (.9 * bin.Expected) + _inBin.Expected);
            _inBin = default;
        }

        _inHour += learned;
        if ((minute + 1) % 60 == 0)
        {
            var hour = minute / 60 % 168;
            _hours[hour].Learn(_inHour / 60, .3);
            _dayTypes[DayType(hour)].Learn(_inHour / 60, .15);
            _days[hour % 24].Learn(_inHour / 60, .1);
            _inHour = 0;
        }
    }

    private double RateOf(int hour) => _hours[hour].Over(_dayTypes[DayType(hour)].Over(_days[hour % 24].Mean, 4), 16);

    private double Shape(int bin) => (_bins[bin].Counted + .5) / (_bins[bin].Expected + .5);

    private double Mix(Func<int, double> of) => (_weights[0] * of(0)) + (_weights[1] * of(1)) + (_weights[2] * of(2));

    private double Dispersion(int window) => Math.Clamp(_dispersions[window].Excess / _dispersions[window].Squares, 1e-6, 1e4);

    private static int DayType(int hour) => (hour / 24 >= 5 ? 24 : 0) + (hour % 24);

    private struct Rate
    {
        private double _visits;

        public double Mean { get; private set; }

        /// <summary>Shrunk to what is believed otherwise, the more the fewer calls it rests on.</summary>
        public readonly double Over(double otherwise, double credibility)
        {
            var k = credibility * ((1 / ((60 * Math.Max(Mean, otherwise)) + .2)) + .03);
            return ((_visits * Mean) + (k * otherwise)) / (_visits + k);
        }

        public void Learn(double rate, double weight)
        {
            _visits++;
            Mean += Math.Max(weight, 1 / _visits) * (rate - Mean);
        }
    }

    private sealed class Calibrator(int channel)
    {
        private double _mean;
        private double _variance;
        private double _largest;
        private int _blocks;

        private double Trust => _blocks / (_blocks + 5.0);

        private double Scale => Math.Max(1 / Math.Log(10), (Trust * .7797 * Math.Sqrt(_variance)) + ((1 - Trust) * PriorScales[channel]));

        private double Location => (Trust * (_mean - (.45 * Math.Sqrt(_variance)))) + ((1 - Trust) * PriorLocations[channel]);

        public void Observe(double surprisal) => _largest = Math.Max(_largest, surprisal);

        public double Days(double surprisal)
        {
            var exceedances = Math.Exp(-(surprisal - Location) / Scale);
            return .25 / (exceedances < 1e-5 ? exceedances : 1 - Math.Exp(-exceedances));
        }

        public void EndBlock()
        {
            var block = Math.Min(_largest, Location + (8 * Scale));
            var weight = Math.Max(1.0 / ++_blocks, .008);
            _mean += weight * (block - _mean);
            _variance += weight * (((block - _mean) * (block - _mean)) - _variance);
            _largest = 0;
        }
    }
}
