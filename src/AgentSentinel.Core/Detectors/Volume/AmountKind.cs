namespace AgentSentinel.Core.Detectors.Volume;

/// <summary>Something that calls bring with them.</summary>
/// <param name="Channel">Position among the channels of <see cref="VolumeDetector"/>.</param>
/// <param name="Name">For features, in plural.</param>
/// <param name="Unit">For people, in plural.</param>
/// <param name="Share">Its share of the detector's budget.</param>
/// <param name="IsCount">Whether calls are counted, one by one, and not something of any size.</param>
internal sealed record AmountKind(int Channel, string Name, string Unit, double Share, bool IsCount)
{
    /// <summary>Position among the channels of <see cref="VolumePeers"/>: after the windows of calls.</summary>
    public int PeerChannel { get; } = WindowCalibrators.Channels.Length + Channel - 1;

    /// <summary>log10 of the share.</summary>
    public double LogShare { get; } = Math.Log10(Share);
}
