using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using AgentSentinel.MachineLearning.Series;
using AgentSentinel.MachineLearning.Transforms;
using Microsoft.ML;

namespace AgentSentinel.MachineLearning.Tests.Series;

/// <summary>One of the reference's answers: a detector, its parameters, a series, and the rows that came out.</summary>
internal sealed class GoldenCase
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data", "timeseries-golden");

    private static readonly Lazy<IReadOnlyList<GoldenCase>> Loaded = new(LoadAll);

    private readonly JsonElement _entry;
    private readonly JsonElement _parameters;

    private GoldenCase(JsonElement entry)
    {
        _entry = entry;
        _parameters = entry.GetProperty("parameters");
    }

    internal static IReadOnlyList<GoldenCase> All => Loaded.Value;

    internal static int FilesOnDisk => Directory.GetFiles(Folder, "*.csv.gz").Length;

    internal string File => _entry.GetProperty("file").GetString()!;

    internal string Detector => _entry.GetProperty("detector").GetString()!;

    internal bool MeasuresSignedDifference => Value<ErrorFunction>("errorFunction") == ErrorFunction.SignedDifference;

    internal string Series => _entry.GetProperty("series").GetString()!;

    internal string Mode => _entry.GetProperty("mode").GetString()!;

    internal string ParityClass => _entry.GetProperty("parityClass").GetString()!;

    /// <summary>How many values of the series lie before the first row.</summary>
    internal int StartIndex => _entry.GetProperty("startIndex").GetInt32();

    internal int Rows => _entry.GetProperty("rows").GetInt32();

    internal int TrainingLength => Int("trainingWindowSize");

    internal double? AlertThreshold => _parameters.TryGetProperty("derivedAlertThreshold", out var threshold) ? threshold.GetDouble() : null;

    internal bool IsSsa => Detector.EndsWith("BySsa", StringComparison.Ordinal);

    /// <summary>Whether the rows are those of the reference's streaming SSA, which scores a value against the forecast of the one after it.</summary>
    internal bool IsStreamedSsa => Mode == "stream";

    /// <summary>The reference's fitted model.</summary>
    internal JsonElement Model => _entry.GetProperty("ssaModelAfterFit");

    internal SpectralResidualRule SpectralRule => new(
        Int("windowSize"), Int("backAddWindowSize"), Int("lookaheadWindowSize"), Int("averagingWindowSize"), Int("judgementWindowSize"), Double("threshold"));

    internal DensityRule Rule => Detector switch
    {
        "DetectIidSpike" or "DetectSpikeBySsa" => DensityRule.Spike(Double("confidence"), Int("pvalueHistoryLength"), Value<AnomalySide>("side")),
        _ => DensityRule.ChangePoint(Double("confidence"), Int("changeHistoryLength"), Value<MartingaleType>("martingale"), Double("eps")),
    };

    internal (float[] Inputs, double[][] Outputs) Read()
    {
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(Path.Combine(Folder, File + ".gz")), CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        Assert.Equal(["index", "input"], header[..2]);
        var (inputs, outputs) = (new List<float>(), new List<double[]>());
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            inputs.Add(float.Parse(fields[1], CultureInfo.InvariantCulture));
            outputs.Add([.. fields[2..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))]);
        }

        Assert.Equal(Rows, inputs.Count);
        return ([.. inputs], [.. outputs]);
    }

    internal static GoldenCase Of(string file) => All.Single(golden => golden.File == file);

    /// <summary>The rows; for a case of the reference's streaming SSA, those that its batch gives for the same values.</summary>
    internal (float[] Inputs, double[][] Outputs) ReadBatch()
    {
        if (!IsStreamedSsa)
        {
            return Read();
        }

        var batch = Beside(StartIndex == 0 ? "batch" : "batch_tail").Read();
        Assert.Equal(Read().Inputs, batch.Inputs);
        return batch;
    }

    /// <summary>What an engine says, in the columns of the rows.</summary>
    internal double[] Columns(in EngineScore score) => Detector switch
    {
        "DetectAnomalyBySrCnn" => [score.Alert ? 1 : 0, score.Raw, score.Magnitude],
        "DetectIidSpike" or "DetectSpikeBySsa" => [score.Alert ? 1 : 0, score.Raw, score.PValue],
        _ => [score.Alert ? 1 : 0, score.Raw, score.PValue, score.Martingale],
    };

    /// <summary>The whole series that the model is fitted to: that of the batch case beside this one.</summary>
    internal float[] Training => IsSsa ? Beside("batch").Read().Inputs : Read().Inputs;

    internal EnginePlan Plan => Detector switch
    {
        "DetectAnomalyBySrCnn" => EnginePlan.SpectralResidual(SpectralRule),
        "DetectIidSpike" or "DetectIidChangePoint" => EnginePlan.Iid(Rule),
        _ => EnginePlan.Ssa(Rule, FitModel(), Value<ErrorFunction>("errorFunction")),
    };

    internal SsaModel FitModel() =>
        SsaModel.Fit([.. Training.Where(float.IsFinite).Take(TrainingLength)], Int("seasonalityWindowSize"));

    internal SeriesEstimator Estimator(TransformsCatalog catalog) => Detector switch
    {
        "DetectIidSpike" => catalog.DetectIidSpike("Score", "Value", Double("confidence"), Int("pvalueHistoryLength"), Value<AnomalySide>("side")),
        "DetectIidChangePoint" => catalog.DetectIidChangePoint("Score", "Value", Double("confidence"), Int("changeHistoryLength"), Value<MartingaleType>("martingale"), Double("eps")),
        "DetectSpikeBySsa" => catalog.DetectSpikeBySsa(
            "Score", "Value", Double("confidence"), Int("pvalueHistoryLength"), Int("trainingWindowSize"), Int("seasonalityWindowSize"), Value<AnomalySide>("side"), Value<ErrorFunction>("errorFunction")),
        "DetectChangePointBySsa" => catalog.DetectChangePointBySsa(
            "Score", "Value", Double("confidence"), Int("changeHistoryLength"), Int("trainingWindowSize"), Int("seasonalityWindowSize"), Value<ErrorFunction>("errorFunction"), Value<MartingaleType>("martingale"), Double("eps")),
        "DetectAnomalyBySrCnn" => catalog.DetectAnomalyBySrCnn(
            "Score", "Value", Int("windowSize"), Int("backAddWindowSize"), Int("lookaheadWindowSize"), Int("averagingWindowSize"), Int("judgementWindowSize"), Double("threshold")),
        _ => throw new InvalidOperationException($"{Detector} has no test."),
    };

    private string Variant => _entry.GetProperty("variant").GetString()!;

    private GoldenCase Beside(string mode) =>
        All.Single(other => other.Mode == mode && other.Detector == Detector && other.Series == Series && other.Variant == Variant);

    private static List<GoldenCase> LoadAll()
    {
        var manifest = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(Folder, "manifest.json")));
        return [.. manifest.RootElement.GetProperty("entries").EnumerateArray().Select(entry => new GoldenCase(entry))];
    }

    private int Int(string name) => _parameters.GetProperty(name).GetInt32();

    private double Double(string name) => _parameters.GetProperty(name).GetDouble();

    private T Value<T>(string name)
        where T : struct => Enum.Parse<T>(_parameters.GetProperty(name).GetString()!);
}
