using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>
/// A windowed martingale test of exchangeability (Vovk, Nouretdinov and Gammerman 2003; Fedorova, Gammerman, Nouretdinov and Vovk 2012, §3):
/// each p-value is bet against, the stakes multiply, and only the last bets count. The power martingale pays ε p^(ε−1); the mixture
/// pays its integral over ε from 0 to 1. Owned by one engine; 8 bytes a bet.
/// </summary>
internal sealed class Betting(DensityRule rule)
{
    // No bet on a p-value of at least 1e-8 wins or loses more, in nats.
    private const double LargestBet = 50;

    private readonly double[] _bets = new double[rule.HistoryLength];
    private int _first;
    private bool _isFilled;
    private double _sum;
    private int _quiet;

    /// <summary>Natural logarithm of what the window would have won with this p-value in it.</summary>
    public double LogMartingale(double pValue)
    {
        var bet = rule.LogBet(pValue);
        return _isFilled ? _sum + bet - _bets[_first] : _bets.Length * bet;
    }

    /// <summary>Whether the threshold is reached and no alert was given within the last window.</summary>
    public bool IsAlert(double logMartingale) => logMartingale >= rule.LogThreshold && _quiet == 0;

    /// <summary>Places the bet.</summary>
    /// <param name="pValue">The p-value.</param>
    /// <param name="mayAlert">Whether enough raw scores are known for an alert.</param>
    public void Place(double pValue, bool mayAlert)
    {
        var bet = rule.LogBet(pValue);
        if (_isFilled)
        {
            _sum += bet;
            _sum -= _bets[_first];
            _bets[_first] = bet;
            _first = _first + 1 == _bets.Length ? 0 : _first + 1;
        }
        else
        {
            // The first bet stands in for those before it.
            Array.Fill(_bets, bet);
            _sum = _bets.Length * bet;
            _isFilled = true;
        }

        if (mayAlert)
        {
            _quiet = IsAlert(_sum) ? _bets.Length - 1 : Math.Max(_quiet - 1, 0);
        }
    }

    /// <summary>Begins anew with a window of ordinary bets.</summary>
    public void Settle()
    {
        var bet = rule.MeanLogBet;
        Array.Fill(_bets, bet);
        _isFilled = true;
        _first = _quiet = 0;
        _sum = _bets.Length * bet;
    }

    public void Save(MemoryWriter writer)
    {
        writer.WriteBoolean(_isFilled);
        if (!_isFilled)
        {
            return;
        }

        for (var i = 0; i < _bets.Length; i++)
        {
            writer.WriteDouble(_bets[(_first + i) % _bets.Length]);
        }

        writer.WriteDouble(_sum);
        writer.WriteVariable((ulong)_quiet);
    }

    public void Load(ref MemoryReader reader)
    {
        Settle();
        _isFilled = reader.ReadBoolean();
        if (!_isFilled)
        {
            return;
        }

        for (var i = 0; i < _bets.Length; i++)
        {
            _bets[i] = reader.ReadWithin(-LargestBet, LargestBet);
        }

        _sum = reader.ReadWithin(-LargestBet * _bets.Length, LargestBet * _bets.Length);
        _quiet = (int)reader.ReadUpTo(_bets.Length);
    }
}
