using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AgentSentinel.Service.Tests.Options;

/// <summary>A tree with every kind of option.</summary>
internal sealed record SampleOptions
{
    [Description("A text.")]
    public string Name { get; init; } = "sentinel";

    public string? Note { get; init; } = "default";

    public bool IsOn { get; init; }

    [Range(0, 100)]
    public int Count { get; init; } = 3;

    public int? Limit { get; init; }

    public long Bytes { get; init; } = 10_000_000_000;

    public double Ratio { get; init; } = 0.5;

    public DayOfWeek Day { get; init; } = DayOfWeek.Monday;

    [Description("How long.")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(90);

    public DateTimeOffset Since { get; init; } = DateTimeOffset.UnixEpoch;

    public string[] Tags { get; init; } = ["a", "b"];

    public int[] Sizes { get; init; } = [];

    public TimeSpan[] Schedule { get; init; } = [TimeSpan.Zero, TimeSpan.FromMinutes(5)];

    public Dictionary<string, string> Settings { get; init; } = new() { ["kept"] = "1" };

    public Dictionary<string, SampleSectionOptions> Sections { get; init; } = [];

    public SampleSectionOptions Section { get; init; } = new() { Smallest = 2 };

    public SampleSectionOptions? Optional { get; init; }

    [PasswordPropertyText(true)]
    public string Password { get; init; } = "";

    [PasswordPropertyText(true)]
    public int Pin { get; init; }

    /// <summary>Computed: no option.</summary>
    public int Twice => Count * 2;
}
