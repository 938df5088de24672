using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>The calibrators of the windows of a <see cref="CallModel"/>; half an hour has that of the hour. 84 bytes.</summary>
internal struct WindowCalibrators
{
    private const int Count = 5;

    /// <summary>Their names.</summary>
    public static readonly string[] Channels = ["calls_per_1_minute", "calls_per_5_minutes", "calls_per_60_minutes", "calls_per_360_minutes", "calls_drift"];

    // Shares of the windows in the channel's budget: all of it, as if no two told the same. Six hours say little that drift does not say, which needs most.
    private static readonly double[] LogShares = [.. new[] { .23, .1, .28, .01, .38 }.Select(Math.Log10)];

    private static readonly double LogSuspiciousBlocks = Math.Log10(200);

    // All of the first week counts for no more than so many of its 28.
    private const double BlocksOfFirstWeek = 5;

    private Calibrators _windows;

    // The share of blocks without calls.
    private float _silence;

    /// <summary>Takes note of a reading. A suspicious one counts as no more than what comes once in two hundred blocks: an attack says nothing of what is usual.</summary>
    public void Observe(in VolumeReading found, LearningGate gate, VolumePeers peers)
    {
        if (gate != LearningGate.Frozen)
        {
            var channel = ChannelOf(found.Window);
            ref var calibrator = ref _windows[channel];
            calibrator.Observe(gate == LearningGate.Suspicious ? Math.Min(found.Surprisal, calibrator.Surprisal(LogSuspiciousBlocks, peers.Prior(channel))) : found.Surprisal);
        }
    }

    /// <summary>Ends a block of six hours.</summary>
    /// <param name="hasCalls">Whether there was something to judge: blocks of silence would make the tail of those with calls look far too light.</param>
    /// <param name="peers">What is known across agents.</param>
    public void EndBlock(bool hasCalls, VolumePeers peers)
    {
        _silence += (float)(ActiveCalibrator.Weight * ((hasCalls ? 0 : 1) - _silence));
        for (var w = 0; w < Count; w++)
        {
            if (hasCalls || _windows[w].Largest > 0)
            {
                _windows[w].EndBlock(peers.Prior(w));
            }
        }
    }

    /// <summary>Forgets most of the first week, in which what was expected was often wrong.</summary>
    /// <param name="age">Hours that the agent is known.</param>
    public void EndHour(long age)
    {
        if (age != CallForecast.HoursToLevel)
        {
            return;
        }

        foreach (ref var calibrator in (Span<ReturnPeriodCalibrator>)_windows)
        {
            calibrator.Limit(BlocksOfFirstWeek);
        }
    }

    /// <summary>log10 of the return period of a surprisal in days, the window's share of the budget taken off.</summary>
    public readonly double LogReturnPeriod(int window, double surprisal, VolumePeers peers)
    {
        var channel = ChannelOf(window);
        return _windows[channel].LogReturnPeriod(surprisal, peers.Prior(channel)) + LogDaysOfBlock + LogShares[channel];
    }

    /// <summary>The surprisal that has a return period; periods below ten blocks count as ten.</summary>
    public readonly double Surprisal(int window, double logReturnPeriod, VolumePeers peers)
    {
        var channel = ChannelOf(window);
        return _windows[channel].Surprisal(Math.Max(1, logReturnPeriod - LogDaysOfBlock - LogShares[channel]), peers.Prior(channel));
    }

    /// <summary>Takes what a settled agent's block says into what is known across agents.</summary>
    public readonly void Teach(VolumePeers peers)
    {
        for (var w = 0; w < Count; w++)
        {
            peers.Learn(w, _windows[w]);
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        foreach (ref readonly var calibrator in (ReadOnlySpan<ReturnPeriodCalibrator>)_windows)
        {
            calibrator.Save(writer);
        }

        writer.WriteSingle(_silence);
    }

    public void Load(ref MemoryReader reader)
    {
        foreach (ref var calibrator in (Span<ReturnPeriodCalibrator>)_windows)
        {
            calibrator = ReturnPeriodCalibrator.Load(ref reader);
        }

        _silence = SavedFloat.Read(ref reader, 0, 1);
    }

    private readonly double LogDaysOfBlock => ActiveCalibrator.LogDaysUntilBlock(1 - _silence);

    private static int ChannelOf(int window) => window == CallModel.HalfHour ? CallModel.Hour : window;

    [InlineArray(Count)]
    private struct Calibrators
    {
        private ReturnPeriodCalibrator _first;
    }
}
