using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Service.History;

/// <summary>What is kept for people to look at, and for how long.</summary>
public sealed record HistoryOptions : IValidatedOptions
{
    [Description("Whether history is kept: alerts, incidents, suspensions, audit and agents from the journal, and time series from closed windows.")]
    public bool Enabled { get; init; } = true;

    [Description("The history file (SQLite). Empty: history.sqlite in Checkpoints:Folder. Instances on one machine share it.")]
    public string File { get; init; } = "";

    [Description("Whether time series are kept in the history file. They may also, or only, go to InfluxDB.")]
    public bool Series { get; init; } = true;

    [Description("Points that may wait for a writer of time series. When more come the oldest are dropped and counted.")]
    [Range(100, 10_000_000)]
    public int QueueLength { get; init; } = 100_000;

    [Description("How long points wait for others to be written together.")]
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    [Description("How long points of 1 minute are kept in the history file, by event time. Older ones live on in points of 5 minutes.")]
    [Range(typeof(TimeSpan), "02:00:00", "3650.00:00:00")]
    public TimeSpan KeepMinutes { get; init; } = TimeSpan.FromDays(3);

    [Description("How long points of 5 minutes are kept in the history file. Older ones live on in points of 1 hour.")]
    [Range(typeof(TimeSpan), "02:00:00", "3650.00:00:00")]
    public TimeSpan KeepFiveMinutes { get; init; } = TimeSpan.FromDays(30);

    [Description("How long points of 1 hour are kept in the history file.")]
    [Range(typeof(TimeSpan), "02:00:00", "3650.00:00:00")]
    public TimeSpan KeepHours { get; init; } = TimeSpan.FromDays(400);

    [Description("How long alerts, closed incidents, ended suspensions and journal entries are kept in the history file. The journal itself is not touched.")]
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepJournal { get; init; } = TimeSpan.FromDays(400);

    /// <inheritdoc />
    public IEnumerable<string> Validate()
    {
        if (KeepFiveMinutes < KeepMinutes)
        {
            yield return "KeepFiveMinutes: must not be shorter than KeepMinutes.";
        }

        if (KeepHours < KeepFiveMinutes)
        {
            yield return "KeepHours: must not be shorter than KeepFiveMinutes.";
        }
    }

    /// <summary>The history file.</summary>
    /// <param name="checkpointFolder">Where it lies unless said otherwise.</param>
    public string PathOf(string checkpointFolder) => File.Length > 0 ? File : Path.Combine(checkpointFolder, "history.sqlite");
}
