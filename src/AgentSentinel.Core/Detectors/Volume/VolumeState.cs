using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Everything that the volume detector knows of an agent. 1.9 KB. A value, so that a window is scored on a copy.</summary>
internal struct VolumeState
{
    /// <summary>Calls and the kinds of amounts.</summary>
    public const int Channels = 6;

    private static readonly VolumeReading[] Nothing = [.. Enumerable.Repeat(VolumeReading.None, Channels)];

    // What ended so long ago is not told any more when the agent acts again.
    private const int LongestDelayMinutes = 30;

    /// <summary>Calls.</summary>
    public CallModel Calls;

    /// <summary>What calls bring with them, in the order of the kinds and of <see cref="WindowAmounts"/>.</summary>
    public AmountModels Amounts;

    /// <summary>Whether what is over the threshold is news.</summary>
    public Episode Episode;

    /// <summary>Tools called most.</summary>
    public HeavyNames Tools;

    /// <summary>Datasets used most.</summary>
    public HeavyNames Datasets;

    /// <summary>True when nothing was learned the last time: then a window is scored without learning what was silent before it.</summary>
    public bool IsFrozen;

    private PendingCounts _pending;
    private long _newest;
    private ushort _blocks;
    private ushort _spentBlocks;
    private bool _isSpent;

    /// <summary>The newest minute of which a call was seen.</summary>
    public readonly long Newest => _newest;

    /// <summary>Closes all minutes up to and with that of a window.</summary>
    /// <param name="window">A closed window, not older than the last one.</param>
    /// <param name="kinds">The kinds of amounts.</param>
    /// <param name="gate">How much may be learned.</param>
    /// <param name="peers">What is known across agents.</param>
    /// <param name="readings">Gets the most surprising window of each channel.</param>
    public void Close(AgentWindow window, AmountKind[] kinds, LearningGate gate, VolumePeers peers, Span<VolumeReading> readings)
    {
        var minute = window.Minute;
        if (Calls.Next == 0)
        {
            Calls.Begin(minute, peers);
        }

        Nothing.CopyTo(readings);
        for (var silent = Calls.Skip(minute, gate); silent > 0;)
        {
            silent -= CloseSilent(silent, kinds, gate, peers, readings);
            if (silent >= LongestDelayMinutes)
            {
                Nothing.CopyTo(readings);
            }
        }

        CloseMinute(window, kinds, gate, peers, readings);
    }

    /// <summary>Scores the minute of a call that was just counted in its window.</summary>
    /// <returns>True when any channel is unusual.</returns>
    public readonly bool Open(AgentWindow window, AmountKind[] kinds, VolumePeers peers, Span<VolumeReading> readings)
    {
        var minute = window.Minute;
        if (minute < Calls.Next || Calls.DaysKnown < CallModel.SilentDays)
        {
            return false;
        }

        Nothing.CopyTo(readings);
        var before = 0.0;
        for (var m = Math.Max(Calls.Next, minute - 4); m < minute; m++)
        {
            before += m <= _newest && m > _newest - PendingCounts.Minutes ? _pending[(int)(m % PendingCounts.Minutes)] : 0;
        }

        Calls.Open(minute, window.Calls, before, peers, ref readings[0]);
        var isUnusual = readings[0].Window >= 0;
        var amounts = WindowAmounts.Of(window);
        for (var i = 0; i < kinds.Length; i++)
        {
            if (!Amounts[i].IsOrdinary(kinds[i], amounts[i]))
            {
                isUnusual |= Amounts[i].Open(kinds[i], amounts[i], Calls.ExpectedIn(minute), Calls.Penalty(peers), peers, ref readings[i + 1]);
            }
        }

        return isUnusual;
    }

    /// <summary>Takes note of a call in a minute that is not closed yet.</summary>
    public void Count(long minute)
    {
        if (minute > _newest)
        {
            for (var m = Math.Max(_newest + 1, minute - PendingCounts.Minutes + 1); m <= minute; m++)
            {
                _pending[(int)(m % PendingCounts.Minutes)] = 0;
            }

            var kept = HeavyNames.KeptAfter(minute - _newest);
            Tools.Pass(kept);
            Datasets.Pass(kept);
            _newest = minute;
        }

        if (minute > _newest - PendingCounts.Minutes)
        {
            ref var count = ref _pending[(int)(minute % PendingCounts.Minutes)];
            count = (ushort)Math.Min(count + 1, ushort.MaxValue);
        }
    }

    /// <summary>Hands over to the peers what settled blocks have shown since the last time.</summary>
    public void Report(AmountKind[] kinds, VolumePeers peers)
    {
        if (_blocks == 0)
        {
            return;
        }

        peers.Note(_blocks, _spentBlocks);
        (_blocks, _spentBlocks) = (0, 0);
        Calls.Teach(peers);
        for (var i = 0; i < kinds.Length; i++)
        {
            if (Amounts[i].IsKnown(kinds[i]))
            {
                Amounts[i].Teach(kinds[i], peers);
            }
        }
    }

    /// <summary>Begins the drifts of amounts anew, as after an alarm.</summary>
    public void RestartDrift()
    {
        foreach (ref var amount in (Span<AmountModel>)Amounts)
        {
            amount.RestartDrift();
        }
    }

    public readonly void Save(MemoryWriter writer)
    {
        Calls.Save(writer);
        foreach (ref readonly var amount in (ReadOnlySpan<AmountModel>)Amounts)
        {
            amount.Save(writer);
        }

        Episode.Save(writer);
        Tools.Save(writer);
        Datasets.Save(writer);
        writer.WriteVariable((ulong)_newest);
        foreach (var count in _pending)
        {
            writer.WriteVariable(count);
        }

        writer.WriteVariable(_blocks);
        writer.WriteVariable(_spentBlocks);
        writer.WriteBoolean(_isSpent);
        writer.WriteBoolean(IsFrozen);
    }

    public void Load(ref MemoryReader reader)
    {
        Calls.Load(ref reader);
        foreach (ref var amount in (Span<AmountModel>)Amounts)
        {
            amount.Load(ref reader);
        }

        Episode.Load(ref reader);
        Tools.Load(ref reader);
        Datasets.Load(ref reader);
        _newest = reader.ReadUnits(TimeSpan.TicksPerMinute);
        foreach (ref var count in (Span<ushort>)_pending)
        {
            count = (ushort)reader.ReadUpTo(ushort.MaxValue);
        }

        _blocks = (ushort)reader.ReadUpTo(ushort.MaxValue);
        _spentBlocks = (ushort)reader.ReadUpTo(_blocks);
        _isSpent = reader.ReadBoolean();
        IsFrozen = reader.ReadBoolean();
    }

    private void CloseMinute(AgentWindow window, AmountKind[] kinds, LearningGate gate, VolumePeers peers, Span<VolumeReading> readings)
    {
        var expected = Calls.ExpectedNow;
        Calls.Close(window.Calls, gate, peers, 1, ref readings[0]);
        var span = Calls.Closed(window.Calls, expected, peers);
        var amounts = WindowAmounts.Of(window);
        for (var i = 0; i < kinds.Length; i++)
        {
            Amounts[i].Close(kinds[i], amounts[i], span, gate, peers, ref readings[i + 1]);
        }

        EndMinutes(gate, peers, readings);
    }

    /// <summary>Closes minutes without calls, to the end of the present bin and no further.</summary>
    private int CloseSilent(long most, AmountKind[] kinds, LearningGate gate, VolumePeers peers, Span<VolumeReading> readings)
    {
        var minutes = Calls.CloseSilent(most, gate, peers, ref readings[0]);
        var next = Calls.Next;
        var (endsBin, endsHour) = (next % CallForecast.BinMinutes == 0, next % 60 == 0);
        var (ofBin, ofHalfHour) = (endsBin ? AmountModel.OfBin(next) : -1, next % 30 == 0 ? AmountModel.OfHalfHour(next) : -1);
        var (span, isTold) = (default(CallSpan), false);
        for (var i = 0; i < kinds.Length; i++)
        {
            ref var amount = ref Amounts[i];
            if (!endsBin || (!endsHour && amount.IsIdle(ofHalfHour)))
            {
                amount.Pass(next, minutes, ofBin, ofHalfHour);
                continue;
            }

            if (!isTold)
            {
                (span, isTold) = (Calls.Closed(0, default, peers), true);
            }

            amount.CloseSilent(kinds[i], minutes, span, gate, peers, ref readings[i + 1]);
        }

        if (endsBin)
        {
            EndMinutes(gate, peers, readings);
        }

        return minutes;
    }

    /// <summary>Counts what is spent of the budget, block by block.</summary>
    private void EndMinutes(LearningGate gate, VolumePeers peers, Span<VolumeReading> readings)
    {
        if (Calls.DaysKnown < CallModel.SilentDays)
        {
            Nothing.CopyTo(readings);
            return;
        }

        if (gate == LearningGate.Frozen || Calls.DaysKnown < CallModel.SettledDays)
        {
            return;
        }

        var (least, isSpent) = (VolumePeers.LogSpentDays - peers.Offset, _isSpent);
        foreach (ref readonly var reading in readings)
        {
            isSpent |= reading.LogReturnPeriod >= least;
        }

        _isSpent = isSpent;
        if (Calls.Next % CallModel.BlockMinutes == 0)
        {
            _blocks = (ushort)Math.Min(_blocks + 1, ushort.MaxValue);
            _spentBlocks = (ushort)Math.Min(_spentBlocks + (_isSpent ? 1 : 0), _blocks);
            _isSpent = false;
        }
    }

    [InlineArray(Channels - 1)]
    internal struct AmountModels
    {
        private AmountModel _first;
    }

    [InlineArray(Minutes)]
    private struct PendingCounts
    {
        public const int Minutes = 5;

        private ushort _first;
    }
}
