using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>
/// Return periods of a detector with one channel: its calibrator, its blocks of six hours, the days that it is known, and what it has told. 48 bytes.
/// </summary>
internal struct ChannelCalibration
{
    private uint _first;
    private uint _block;
    private ActiveCalibrator _calibrator;
    private Episode _episode;

    /// <summary>Whole days that are known by a minute.</summary>
    public readonly int DaysKnown(long minute) => _first == 0 ? 0 : (int)Math.Max(0, (minute - _first) / 1440);

    /// <summary>True when something over the threshold is no news.</summary>
    public readonly bool Holds(long minute, double logReturnPeriod) => _episode.Holds(minute, logReturnPeriod);

    /// <summary>True when what is over the threshold has become a new normal.</summary>
    public readonly bool IsLasting(long minute) => _episode.IsLasting && _episode.IsOpen(minute);

    /// <summary>log10 of the return period in days; −∞ in the first day.</summary>
    public readonly double LogReturnPeriod(double surprisal, long minute, VolumePeers peers) => DaysKnown(minute) is var days && days < CallModel.SilentDays
        ? double.NegativeInfinity
        : _calibrator.LogReturnPeriod(surprisal, peers.Prior(0)) - peers.Offset - (days < CallModel.SettledDays ? CallModel.ProvisionalDecades : 0);

    /// <summary>The surprisal that has a return period.</summary>
    public readonly double Surprisal(double logReturnPeriod, long minute, VolumePeers peers) => _calibrator.Surprisal(
        logReturnPeriod + peers.Offset + (DaysKnown(minute) < CallModel.SettledDays ? CallModel.ProvisionalDecades : 0),
        peers.Prior(0));

    /// <summary>Why a finding is to be taken with care, or null.</summary>
    public readonly string? Caveat(long minute) => Warmth.Caveat(DaysKnown(minute));

    /// <summary>Lets time go on to a minute: ends the blocks before it.</summary>
    public void Pass(long minute, VolumePeers peers)
    {
        _first = _first == 0 ? (uint)minute : _first;
        var block = (uint)(minute / CallModel.BlockMinutes);
        if (_block == 0)
        {
            _block = block;
        }

        // After a long silence a few blocks stand for all.
        var settled = DaysKnown(minute) >= CallModel.SettledDays;
        for (var passed = Math.Min((long)block - _block, 28); passed > 0; passed--)
        {
            var isSpent = _calibrator.Largest > 0
                && _calibrator.LogReturnPeriod(_calibrator.Largest, peers.Prior(0)) >= VolumePeers.LogSpentDays;
            _calibrator.EndBlock(peers.Prior(0));
            if (settled)
            {
                peers.Note(1, isSpent ? 1 : 0);
                _calibrator.Teach(0, peers);
            }
        }

        _block = Math.Max(_block, block);
    }

    /// <summary>Takes note of a surprisal, also of none: that there was something to judge.</summary>
    public void Observe(double surprisal, VolumePeers peers, bool isSuspicious) => _calibrator.Observe(Math.Max(surprisal, 1e-3), isSuspicious, peers.Prior(0));

    /// <summary>Takes note of something over the threshold.</summary>
    public void Told(long minute, double logReturnPeriod) => _episode.Note(minute, logReturnPeriod, true);

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)_first);
        writer.WriteVariable((ulong)_block);
        _calibrator.Save(writer);
        _episode.Save(writer);
    }

    public void Load(ref MemoryReader reader)
    {
        _first = (uint)reader.ReadUpTo(uint.MaxValue);
        _block = (uint)reader.ReadUpTo(uint.MaxValue);
        _calibrator.Load(ref reader);
        _episode.Load(ref reader);
    }
}
