using System.Globalization;
using System.Text;
using AgentSentinel.Web.Text;
using Microsoft.AspNetCore.Components;

namespace AgentSentinel.Web.Charts;

/// <summary>A chart of one series: what was seen, what is usual, and what was found to be anomalous.</summary>
public sealed partial class SeriesChart : ComponentBase
{
    private ChartGeometry? _geometry;
    private string _data = "";

    /// <summary>The slots, in order, none left out.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartPoint> Points { get; set; } = [];

    /// <summary>The anomalies.</summary>
    [Parameter]
    public IReadOnlyList<ChartMark> Marks { get; set; } = [];

    /// <summary>Begin of the time that is drawn.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset From { get; set; }

    /// <summary>End of the time that is drawn.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Before { get; set; }

    /// <summary>Length of a slot.</summary>
    [Parameter, EditorRequired]
    public TimeSpan Slot { get; set; }

    /// <summary>What is drawn.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>In what unit, and of what time.</summary>
    [Parameter]
    public string Unit { get; set; } = "";

    private bool HasBand => Points.Any(p => p.High is not null);

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _geometry = new ChartGeometry(Points, Marks, From, Before, Slot);
        _data = Data();
    }

    // What the pointer and the arrow keys read out: value, low and high of each slot.
    private string Data()
    {
        var text = new StringBuilder();
        foreach (var point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Value:0.###}|{point.Low:0.#}|{point.High:0.#};");
        }

        return text.ToString();
    }

    private string Summary()
    {
        var seen = Points.Where(p => p.Value is not null).Select(p => p.Value!.Value).DefaultIfEmpty(0).Max();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Name} from {Words.Minute(From)} to {Words.Minute(Before)} UTC, at most {Words.Number(seen)}; {Marks.Count} anomalies. Arrow keys read values.");
    }

    private static string Percent(double place) => string.Create(CultureInfo.InvariantCulture, $"{place / 10:0.##}%");
}
