using System.Diagnostics;
using AgentSentinel.Cli.Scoring;

namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary>Runs a detector over the benchmark, or takes the results of another one, and says how it did.</summary>
internal static class NabEvaluation
{
    /// <summary>Each series once through a fresh scorer, row by row; then the score at the thresholds that suit the corpus best, and at the detector's own.</summary>
    /// <param name="folder">The benchmark.</param>
    /// <param name="detector">What to run.</param>
    /// <param name="thresholdDays">Return period from which on the product alerts.</param>
    /// <param name="output">Where the tables go.</param>
    public static void Run(string folder, SeriesDetector detector, double thresholdDays, TextWriter output)
    {
        var corpus = NabCorpus.Read(folder);
        var scores = new List<double[]>();
        var alerts = new List<double[]>();
        var clock = Stopwatch.StartNew();
        foreach (var series in corpus)
        {
            var scorer = detector.Create(thresholdDays);
            var rows = new double[series.Times.Count];
            var told = new double[series.Times.Count];
            for (var i = 0; i < rows.Length; i++)
            {
                var row = scorer.Push(series.Times[i], series.Values[i]);
                (rows[i], told[i]) = (row.AnomalyScore, row.IsAlert ? 1 : 0);
            }

            scores.Add(rows);
            alerts.Add(told);
        }

        var perRow = clock.Elapsed.TotalMicroseconds / Math.Max(1, corpus.Sum(s => s.Times.Count));
        output.WriteLine($"{Describe(corpus)}; {detector.Name}, {perRow:0.00} µs a row");
        WriteBest(corpus, scores, output);
        output.WriteLine();
        output.WriteLine($"At the configured budget, which is a return period of {thresholdDays:0.#} days:");
        foreach (var profile in NabProfile.All)
        {
            Write(profile.Name, Scorer(profile, corpus, alerts).At(1), output);
        }
    }

    /// <summary>The score of given results, in the layout of the benchmark's own results.</summary>
    /// <param name="folder">The benchmark.</param>
    /// <param name="results">The results: CATEGORY/SERIES.csv with the columns timestamp and anomaly_score.</param>
    /// <param name="output">Where the tables go.</param>
    public static void RunResults(string folder, string results, TextWriter output)
    {
        var corpus = NabCorpus.Read(folder);
        var scores = corpus.Select(series => NabCorpus.ReadScores(results, series)).ToList();
        output.WriteLine($"{Describe(corpus)}; results of {results}");
        WriteBest(corpus, scores, output);
    }

    private static string Describe(IReadOnlyList<NabSeries> corpus) =>
        $"{corpus.Count} series, {corpus.Sum(s => s.Times.Count):N0} rows, {corpus.Sum(s => s.Windows.Count)} windows";

    private static void WriteBest(IReadOnlyList<NabSeries> corpus, IReadOnlyList<IReadOnlyList<double>> scores, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("With the threshold that suits these series best:");
        foreach (var profile in NabProfile.All)
        {
            Write(profile.Name, Scorer(profile, corpus, scores).Best(), output);
        }

        var threshold = Scorer(NabProfile.Standard, corpus, scores).Best().Threshold;
        output.WriteLine();
        output.WriteLine("By category, standard, at the threshold of all; the last column with the threshold that suits the other categories best:");
        var ofOthers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var category in corpus.Select(s => s.Category).Distinct())
        {
            var own = Part(corpus, scores, s => s.Category == category);
            ofOthers[category] = Part(corpus, scores, s => s.Category != category).Best().Threshold;
            Write(category, own.At(threshold), output, $"{own.At(ofOthers[category]).Normalized,10:0.00}");
        }

        // In parts of its category's threshold a score is over 1 where it was over that.
        IReadOnlyList<IReadOnlyList<double>> relative = [.. corpus.Select((s, i) => scores[i].Select(score => score / ofOthers[s.Category]).ToArray())];
        Write("all, by others' threshold", Scorer(NabProfile.Standard, corpus, relative).At(1), output);
    }

    private static NabScorer Part(IReadOnlyList<NabSeries> corpus, IReadOnlyList<IReadOnlyList<double>> scores, Func<NabSeries, bool> isIn)
    {
        var indices = Enumerable.Range(0, corpus.Count).Where(i => isIn(corpus[i])).ToArray();
        return Scorer(NabProfile.Standard, [.. indices.Select(i => corpus[i])], [.. indices.Select(i => scores[i])]);
    }

    private static NabScorer Scorer(NabProfile profile, IReadOnlyList<NabSeries> corpus, IReadOnlyList<IReadOnlyList<double>> scores)
    {
        var scorer = new NabScorer(profile);
        for (var i = 0; i < corpus.Count; i++)
        {
            scorer.Add(corpus[i], scores[i]);
        }

        return scorer;
    }

    private static void Write(string name, NabScore score, TextWriter output, string more = "") => output.WriteLine(
        $"  {name,-24} {score.Normalized,7:0.00}   {score.Hit,3} of {score.Windows,3} windows   {score.FalsePositives,4} false positives   threshold {score.Threshold:G9}{more}");
}
