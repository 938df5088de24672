using AgentSentinel.Core.Detection;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary><c>sentinel evaluate FILE…</c>: how well attacks on sessions are told from ordinary work.</summary>
/// <remarks>
/// Each file is a recording of its own, with an engine of its own. The score of a session is the highest margin of its calls over the threshold
/// of the detector that found it; only detectors of behaviour take part, as the clock of such recordings is often synthetic.
/// </remarks>
internal sealed class SessionEvaluation(SentinelOptions options, SessionProtocol protocol, TelemetryLevel level, IReadOnlyCollection<string> detectors)
{
    private readonly List<SessionOutcome> _outcomes = [];
    private readonly List<SessionFigures> _files = [];

    /// <summary>What the detectors are shown.</summary>
    public TelemetryLevel Level { get; } = level;

    public IReadOnlyList<SessionOutcome> Outcomes => _outcomes;

    /// <summary>Events that were refused or came too late.</summary>
    public int Refused { get; private set; }

    /// <summary>Events without labels.</summary>
    public int Unlabelled { get; private set; }

    public void Take(string file)
    {
        var events = LabelledEvents.Read(file, Level, options.Decoder.MaxRecordBytes);
        var (outcomes, refused) = SessionRun.Over(events, protocol, options, detectors);
        Refused += refused;
        Unlabelled += events.Unlabelled;
        _outcomes.AddRange(outcomes);
        _files.Add(SessionFigures.Of(Path.GetFileName(file), outcomes));
    }

    /// <summary>Pooled first, then by file when there are several, by suite, by model, and by both.</summary>
    public IEnumerable<SessionFigures> Figures()
    {
        yield return SessionFigures.Of("all", _outcomes);
        foreach (var file in _files.Count > 1 ? _files : [])
        {
            yield return file;
        }

        foreach (var by in (Func<SessionOutcome, string>[])[o => o.Labels.Suite, o => o.Labels.Model, o => $"{o.Labels.Model}/{o.Labels.Suite}"])
        {
            foreach (var group in _outcomes.GroupBy(by, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                yield return SessionFigures.Of(group.Key, [.. group]);
            }
        }
    }
}
