namespace AgentSentinel.Cli.Evaluation.Nab;

/// <summary>One labelled series of the corpus.</summary>
/// <param name="Name">Its path in the corpus, such as <c>realTraffic/speed_7578.csv</c>.</param>
/// <param name="Times">Time of each row, in order of the file.</param>
/// <param name="Values">Value of each row.</param>
/// <param name="Windows">First and last row of each labelled window, in order, not overlapping.</param>
internal sealed record NabSeries(string Name, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<double> Values, IReadOnlyList<(int First, int Last)> Windows)
{
    /// <summary>Rows at the beginning that nobody is judged on: 15 %, at most 750.</summary>
    public int Probation => Math.Min(Times.Count * 15 / 100, 750);

    /// <summary>The folder, which NAB calls the category.</summary>
    public string Category => Name.Split('/')[0];
}
