using System.Globalization;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.MachineLearning.Series;

namespace AgentSentinel.MachineLearning.Detectors;

/// <summary>Counts an agent's calls in windows of some minutes and lets a <see cref="SeriesEngine"/> score each count when its window has closed. Windows without calls count as zeros.</summary>
/// <remarks>
/// The surprisal is what the engine's method claims (<see cref="SeriesEngine.Surprisal"/>), and each window is one trial. Nothing calibrates it: on real counts these methods
/// raise many times the false alerts that they are given, which is why they are off by default.
/// </remarks>
internal sealed class SeriesDetector : Detector
{
    private readonly SeriesEngineOptions _options;
    private readonly MemoryWriter _copied = new();
    private readonly SeriesEngine _scratch;

    public SeriesDetector(string name, double budgetShare, int minutes, SeriesEngineOptions options)
        : base(name, budgetShare, new Feature(
            $"{name.Replace('-', '_')}_calls",
            string.Create(CultureInfo.InvariantCulture, $"calls in {minutes} minute{(minutes == 1 ? "" : "s")}")))
    {
        Minutes = minutes;
        TrialsPerDay = 24 * 60.0 / minutes;
        _options = options;
        _scratch = CreateEngine();
    }

    /// <summary>Length of a window.</summary>
    public int Minutes { get; }

    public double TrialsPerDay { get; }

    /// <summary>After so many zeros no engine remembers where it stood before them.</summary>
    public int LongestMemory => Math.Max(_options.HistoryLength + (2 * _options.SeasonLength), _options.WindowLength);

    // They look at the very calls that the volume detector looks at: all of them together are one sign.
    public override string Family => "volume";

    public override Baseline CreateBaseline(string agentId) => new SeriesBaseline(this);

    public override string Explain(in Finding finding) => string.Create(
        CultureInfo.InvariantCulture,
        $"{finding.Observed:0} {Features[0].Unit}; by its last windows {Name} expects {finding.ExpectedLow:0.#} to {finding.ExpectedHigh:0.#}{(Name.EndsWith("change-point", StringComparison.Ordinal) ? ", and counts have differed for a while" : "")}");

    public SeriesEngine CreateEngine() => SeriesEngines.Create(Name, _options);

    /// <summary>A copy of an engine to try things on. One thread uses it, until it asks for the next.</summary>
    public SeriesEngine CopyOf(SeriesEngine engine)
    {
        _copied.Clear();
        engine.Save(_copied);
        var reader = new MemoryReader(_copied.Written);
        _scratch.Load(ref reader);
        return _scratch;
    }
}
