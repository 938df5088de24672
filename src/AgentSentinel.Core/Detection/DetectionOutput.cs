namespace AgentSentinel.Core.Detection;

/// <summary>
/// What the detection engine has to say about its inputs. The caller keeps one, hands it to every call of the engine
/// and clears it when it has taken what it needs.
/// </summary>
public sealed class DetectionOutput
{
    /// <summary>What goes to the journal, in the order in which it was found.</summary>
    public List<Anomaly> Anomalies { get; } = [];

    /// <summary>Detectors that threw and were muted for an agent, since the last <see cref="Clear"/>.</summary>
    public List<DetectorFailure> Failures { get; } = [];

    /// <summary>Unregistered agents that acted for the first time on their day, as far as the hour's limit allows.</summary>
    public List<AgentSighting> Sightings { get; } = [];

    /// <summary>First uses of credentials, for the journal.</summary>
    public List<CredentialSighting> Credentials { get; } = [];

    /// <summary>How many agents were active when the hour of event time turned, if it did.</summary>
    public FleetCensus? Census { get; internal set; }

    /// <summary>
    /// What the windows that closed looked like, for charts: of each its agent's value, then those of its tools and datasets.
    /// Null when nobody wants to know; then nothing is collected. Not part of <see cref="HasNews"/>: nothing has to be made durable.
    /// </summary>
    public List<WindowValue>? Windows { get; init; }

    /// <summary>The finding about the last accepted call that comes closest to its detector's threshold or furthest over it; <see cref="Finding.None"/> when nothing was unusual.</summary>
    public Finding Top { get; internal set; } = Finding.None;

    /// <summary>How far <see cref="Top"/> is over its detector's threshold, in decades of return period: 0 and more raises an anomaly. −∞ when nothing was unusual.</summary>
    public double TopMargin { get; internal set; } = double.NegativeInfinity;

    /// <summary>Position of the detector behind <see cref="Top"/>; −1 when there is none.</summary>
    public int TopDetector { get; internal set; } = -1;

    /// <summary>True when there is something to append or report.</summary>
    public bool HasNews => Anomalies.Count > 0 || Sightings.Count > 0 || Credentials.Count > 0 || Failures.Count > 0 || Census is not null;

    /// <summary>Empties the lists.</summary>
    public void Clear()
    {
        Anomalies.Clear();
        Sightings.Clear();
        Failures.Clear();
        Credentials.Clear();
        Census = null;
        Windows?.Clear();
    }
}
