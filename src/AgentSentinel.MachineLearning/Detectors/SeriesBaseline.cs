using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Detectors;

/// <summary>
/// An agent's counts, and the engine that scores them. A span is complete when its last minute closes, or else when a minute of a later span does, as minutes without
/// calls are never shown: a count is scored then, unless it is too long ago to be news, and the empty spans between are learned as zeros, without being scored.
/// </summary>
internal sealed class SeriesBaseline(SeriesDetector detector) : Baseline
{
    private readonly SeriesEngine _engine = detector.CreateEngine();

    // The span that calls were counted in last; −1 before the first.
    private long _span = -1;
    private long _calls;
    private bool _isComplete;

    private bool IsPending => _span >= 0 && !_isComplete;

    public override Finding Score(AgentWindow window)
    {
        var span = window.Minute / detector.Minutes;
        var isLater = span > _span;
        var isNews = span - _span <= detector.LongestMemory;
        var finding = isLater && isNews && IsPending ? Find(_engine, _calls) : Finding.None;
        if (!EndsSpan(window))
        {
            return finding;
        }

        var engine = _engine;
        if (isLater && _span >= 0 && (IsPending || span - _span > 1))
        {
            engine = detector.CopyOf(_engine);
            CatchUp(engine, span, LearningGate.Open);
        }

        return Finding.Max(finding, Find(engine, (isLater ? 0 : _calls) + window.Calls));
    }

    public override void Learn(AgentWindow window, LearningGate gate)
    {
        var span = window.Minute / detector.Minutes;
        if (span > _span)
        {
            if (_span >= 0)
            {
                CatchUp(_engine, span, gate);
            }

            (_span, _calls, _isComplete) = (span, 0, false);
        }

        _calls += window.Calls;
        if (EndsSpan(window))
        {
            Take(_engine, _calls, gate);
            _isComplete = true;
        }

        // What was raised is known now: the same change must not be raised again by the bets that showed it.
        if (gate == LearningGate.Suspicious)
        {
            _engine.Acknowledge();
        }
    }

    public override void Save(MemoryWriter writer)
    {
        writer.WriteSigned(_span);
        writer.WriteVariable((ulong)_calls);
        writer.WriteBoolean(_isComplete);
        _engine.Save(writer);
    }

    public override void Load(ref MemoryReader reader)
    {
        _span = reader.ReadSigned();
        if (_span < -1 || _span > DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMinute)
        {
            throw reader.Damaged("a window that the calendar does not have");
        }

        _calls = reader.ReadUpTo(long.MaxValue / 2);
        _isComplete = reader.ReadBoolean();
        _engine.Load(ref reader);
    }

    private bool EndsSpan(AgentWindow window) => (window.Minute + 1) % detector.Minutes == 0;

    // The span that was open, then the silence up to the given span. A silence longer than the engine's memory is as good as one of that length.
    private void CatchUp(SeriesEngine engine, long span, LearningGate gate)
    {
        if (IsPending)
        {
            Take(engine, _calls, gate);
        }

        var silent = span - _span - 1;
        if (silent > detector.LongestMemory)
        {
            engine.Interrupt();
            silent = detector.LongestMemory;
        }

        for (; silent > 0; silent--)
        {
            Take(engine, 0, gate == LearningGate.Frozen ? gate : LearningGate.Open);
        }
    }

    private static void Take(SeriesEngine engine, float calls, LearningGate gate)
    {
        var score = engine.Score(calls);
        switch (gate)
        {
            case LearningGate.Open:
                engine.Learn(calls, score);
                break;
            case LearningGate.Suspicious:
                // Bounded and slow: no further from the usual than the end of its range.
                engine.Learn((float)Math.Clamp(calls, score.ExpectedLow, score.ExpectedHigh), score);
                break;
            default:
                engine.Follow(calls, score);
                break;
        }
    }

    private Finding Find(SeriesEngine engine, float calls)
    {
        var score = engine.Score(calls);
        var surprisal = engine.IsReady ? engine.Surprisal(score) : 0;
        return Finding.OfTrials(0, surprisal, detector.TrialsPerDay, calls, Math.Max(0, score.ExpectedLow), Math.Max(0, score.ExpectedHigh));
    }
}
