using AgentSentinel.Service.Pipelines;

namespace AgentSentinel.Web.Live;

/// <summary>Measures the lines of this process from outside: from where their partitions stand. Owned by the <see cref="ConsoleFeed"/>.</summary>
internal sealed class LineGauge(IEnumerable<PipelineHost> hosts, TimeProvider time)
{
    private const int MostRates = 90;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly List<PipelineHost> _hosts = [.. hosts];
    private readonly List<double> _rates = [];
    private LineState _last = LineState.None;
    private long _position = -1;
    private long _measuredAt;

    public LineState Read()
    {
        if (_hosts.Find(h => h.Name == "detection") is not { } detection)
        {
            return LineState.None;
        }

        var lag = detection.Lag;
        var position = lag.Sum(l => Math.Max(l.Position, 0));
        var elapsed = time.GetElapsedTime(_measuredAt);
        if (_position < 0)
        {
            (_position, _measuredAt) = (position, time.GetTimestamp());
        }
        else if (elapsed >= Interval)
        {
            // A partition that moved to another process takes its position along: that is no negative rate.
            _rates.Add(Math.Max(0, position - _position) / elapsed.TotalSeconds);
            (_position, _measuredAt) = (position, time.GetTimestamp());
            if (_rates.Count > MostRates)
            {
                _rates.RemoveAt(0);
            }
        }

        // The same again where nothing is new: whoever shows it sees at once that there is nothing to do.
        var (behind, complaints) = (lag.Sum(l => l.Records), _hosts.Select(h => h.Complaint()).OfType<string>().ToList());
        if (_last.Lag != behind || !_last.Rates.SequenceEqual(_rates) || !_last.Complaints.SequenceEqual(complaints))
        {
            _last = new LineState(_rates.Count > 0 ? _rates[^1] : null, behind, complaints, [.. _rates]);
        }

        return _last;
    }
}
