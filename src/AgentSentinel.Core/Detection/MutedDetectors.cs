namespace AgentSentinel.Core.Detection;

/// <summary>Which detectors threw on an agent, and are not asked of it for a day of event time. Costs nothing while none has. Part of one <see cref="AgentProfile"/>.</summary>
/// <param name="detectors">How many there are.</param>
internal sealed class MutedDetectors(int detectors)
{
    private static readonly TimeSpan For = TimeSpan.FromDays(1);

    private DateTimeOffset[]? _until;

    /// <summary>A bit for each detector that is not asked at a time.</summary>
    public uint At(DateTimeOffset time)
    {
        var muted = 0u;
        for (var i = 0; i < _until?.Length; i++)
        {
            muted |= time < _until[i] ? 1u << i : 0;
        }

        return muted;
    }

    /// <summary>Until when a detector is not asked; <see cref="DateTimeOffset.MinValue"/> when it is.</summary>
    public DateTimeOffset Until(int detector) => _until?[detector] ?? DateTimeOffset.MinValue;

    public void Add(int detector, DateTimeOffset time) => Restore(detector, time + For);

    /// <summary>Takes over what <see cref="Until"/> said.</summary>
    public void Restore(int detector, DateTimeOffset until)
    {
        if (until > DateTimeOffset.MinValue)
        {
            _until ??= new DateTimeOffset[detectors];
            _until[detector] = until;
        }
    }
}
