using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Service.Declarations;

namespace AgentSentinel.Cli.Training;

/// <summary>A model as a folder: <c>parameters.json</c>, which is loaded, <c>evaluation.json</c> and <c>card.md</c>, which are for people.</summary>
internal static class ModelFolder
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static void Write(DirectoryInfo folder, TrainedModel trained)
    {
        folder.Create();
        var parameters = new
        {
            trained.Model.Name,
            trained.Model.Version,
            Detectors = trained.Model.Priors.Select(detector => new
            {
                Name = detector.Key,
                Channels = detector.Value.Select(channel => new { Name = channel.Key, Location = Math.Round(channel.Value.Location, 4), Scale = Math.Round(channel.Value.Scale, 4) }),
            }),
        };
        var evaluation = new
        {
            trained.Events,
            trained.TrainedOn,
            HeldOut = trained.BuiltIn.Overall.Agents,
            trained.BuiltIn.BudgetPer30Days,
            BuiltIn = Figures(trained.BuiltIn),
            WithModel = Figures(trained.WithModel),
        };
        File.WriteAllText(Path.Combine(folder.FullName, FleetModel.ParametersFile), JsonSerializer.Serialize(parameters, Json) + "\n");
        File.WriteAllText(Path.Combine(folder.FullName, "evaluation.json"), JsonSerializer.Serialize(evaluation, Json) + "\n");
        File.WriteAllText(Path.Combine(folder.FullName, "card.md"), Card(trained));
    }

    /// <summary>What people should know of the model.</summary>
    public static string Card(TrainedModel trained)
    {
        var card = new StringBuilder();
        Line(card, $"# {trained.Model.Name} {trained.Model.Version}");
        Line(card, $"");
        Line(card, $"What the largest surprisals of six hours usually are, by detector and channel: location and scale of a Gumbel distribution, in −log10 p. An agent borrows");
        Line(card, $"them until its own history counts for more, after about five blocks. Nothing of any single agent is in here, and no names.");
        Line(card, $"");
        Line(card, $"Trained by `sentinel train` on {trained.TrainedOn} agents, which teach from their 14th day on; measured on {trained.BuiltIn.Overall.Agents} others, {trained.Events:N0} events in all.");
        Line(card, $"");
        Line(card, $"| false incidents per agent and 30 days (promised: {trained.BuiltIn.BudgetPer30Days:0.##}) | built in | with the model |");
        Line(card, $"|---|---|---|");
        Row(card, "days 1–13", trained, figures => figures.LearningPer30Days);
        Row(card, "from day 14 on", trained, figures => figures.FalseIncidentsPer30Days);
        Row(card, "share of agents with more than three", trained, figures => figures.ShareOverThree);
        if (trained.BuiltIn.Incidents.Count > 0)
        {
            Line(card, $"");
            Line(card, $"| labelled incidents found | built in | with the model |");
            Line(card, $"|---|---|---|");
            Line(card, $"| all {trained.BuiltIn.Incidents.Sum(kind => kind.Incidents)} | {Found(trained.BuiltIn):0.00} | {Found(trained.WithModel):0.00} |");
        }

        Line(card, $"");
        Line(card, $"It is worth nothing for a fleet of another kind, and little once agents are settled. Telemetry with incidents that are not labelled counts them as false alarms.");
        return card.ToString();
    }

    private static object Figures(FleetFigures figures) => new
    {
        Learning = Math.Round(figures.Overall.LearningPer30Days, 3),
        Settled = Math.Round(figures.Overall.FalseIncidentsPer30Days, 3),
        ShareOverThree = Math.Round(figures.Overall.ShareOverThree, 4),
        Incidents = figures.Incidents.Sum(kind => kind.Incidents),
        Found = Math.Round(Found(figures), 4),
    };

    private static double Found(FleetFigures figures) =>
        figures.Incidents.Count == 0 ? 0 : figures.Incidents.Sum(kind => kind.Alerted * kind.Incidents) / figures.Incidents.Sum(kind => kind.Incidents);

    private static void Row(StringBuilder card, string name, TrainedModel trained, Func<AlarmFigures, double> figure) =>
        Line(card, $"| {name} | {figure(trained.BuiltIn.Overall):0.000} | {figure(trained.WithModel.Overall):0.000} |");

    private static void Line(StringBuilder card, FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
