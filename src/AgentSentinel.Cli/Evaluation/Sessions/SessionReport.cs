using System.Globalization;
using System.Text.Json;
using AgentSentinel.Core.Detection;

namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>The figures for people and for notebooks.</summary>
internal static class SessionReport
{
    private static readonly (string Title, Func<SessionFigures, Interval> Get)[] Columns =
    [
        ("ROC-AUC", f => f.Area),
        ("recall@1%", f => f.RecallAt1),
        ("recall@5%", f => f.RecallAt5),
        ("recall", f => f.Recall),
        ("false pos.", f => f.FalsePositives),
        ("in time", f => f.InTime),
        ("top=attack", f => f.TopIsAttack),
        ("resisted", f => f.Resisted),
        ("attempted", f => f.Attempted),
        ("ordered", f => f.Ordered),
    ];

    /// <summary>A table, one line per group; each figure with its 95 % interval.</summary>
    public static void WriteTable(TextWriter writer, IEnumerable<SessionFigures> groups)
    {
        writer.WriteLine(string.Concat("group".PadRight(28), "attacks".PadLeft(8), "benign".PadLeft(8), string.Concat(Columns.Select(c => c.Title.PadLeft(20)))));
        foreach (var figures in groups)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.Group,-28}{figures.Positives,8}{figures.Negatives,8}{string.Concat(Columns.Select(c => Text(c.Get(figures)).PadLeft(20)))}"));
        }
    }

    /// <summary>One line per alarmed ordinary session and per missed attack: where to look next.</summary>
    public static void WriteMistakes(TextWriter writer, IEnumerable<SessionOutcome> outcomes)
    {
        foreach (var outcome in outcomes.Where(o => (o.Labels.IsNegative && o.IsAlarmed) || (o.Labels is { IsPositive: true, IsBaseline: false } && !o.IsAlarmed)))
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(outcome.IsAlarmed ? "false alarm" : "missed     ")} {outcome.Id} {outcome.Labels.Model}/{outcome.Labels.Suite} {outcome.Score:0.00} {outcome.Detector}: {outcome.Explanation}"));
        }
    }

    /// <summary>One line per two levels.</summary>
    public static void WriteAgreements(TextWriter writer, IEnumerable<LevelAgreement> agreements)
    {
        foreach (var agreement in agreements)
        {
            var (first, second) = (NameOf(agreement.First), NameOf(agreement.Second));
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{first} and {second} agree on {Text(agreement.Same)} of {agreement.Same.Count} sessions; {agreement.OnlyFirst} alarmed by {first} only, {agreement.OnlySecond} by {second} only"));
        }
    }

    /// <summary>Everything as one JSON object.</summary>
    public static void WriteJson(
        Stream stream, string protocol, double falseAlerts, IEnumerable<SessionEvaluation> evaluations, IEnumerable<LevelAgreement> agreements)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("protocol", protocol);
        json.WriteNumber("false_alerts_per_agent_and_30_days", falseAlerts);
        json.WriteStartArray("levels");
        foreach (var evaluation in evaluations)
        {
            json.WriteStartObject();
            json.WriteString("level", NameOf(evaluation.Level));
            json.WriteStartArray("groups");
            foreach (var figures in evaluation.Figures())
            {
                Write(json, figures);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("agreements");
        foreach (var agreement in agreements)
        {
            json.WriteStartObject();
            json.WriteString("first", NameOf(agreement.First));
            json.WriteString("second", NameOf(agreement.Second));
            Write(json, "same", agreement.Same);
            json.WriteNumber("only_first", agreement.OnlyFirst);
            json.WriteNumber("only_second", agreement.OnlySecond);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string NameOf(TelemetryLevel level) => level.ToString().ToLowerInvariant();

    private static void Write(Utf8JsonWriter json, SessionFigures figures)
    {
        json.WriteStartObject();
        json.WriteString("group", figures.Group);
        json.WriteNumber("attacks", figures.Positives);
        json.WriteNumber("benign", figures.Negatives);
        Write(json, "roc_auc", figures.Area);
        Write(json, "recall_at_1_percent", figures.RecallAt1);
        Write(json, "recall_at_5_percent", figures.RecallAt5);
        Write(json, "recall", figures.Recall);
        Write(json, "false_positive_rate", figures.FalsePositives);
        Write(json, "in_time", figures.InTime);
        Write(json, "top_is_attack", figures.TopIsAttack);
        Write(json, "alarms_resisted", figures.Resisted);
        Write(json, "alarms_attempted", figures.Attempted);
        Write(json, "alarms_ordered", figures.Ordered);
        json.WriteEndObject();
    }

    private static string Text(Interval interval) => interval.Count == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{interval.Value:0.000} [{interval.Low:0.00},{interval.High:0.00}]");

    private static void Write(Utf8JsonWriter json, string name, Interval interval)
    {
        if (interval.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("value", Math.Round(interval.Value, 6));
        json.WriteNumber("low", Math.Round(interval.Low, 6));
        json.WriteNumber("high", Math.Round(interval.High, 6));
        json.WriteNumber("count", interval.Count);
        json.WriteEndObject();
    }
}
