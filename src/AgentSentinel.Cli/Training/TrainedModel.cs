using AgentSentinel.Cli.Evaluation.Fleet;
using AgentSentinel.Service.Declarations;

namespace AgentSentinel.Cli.Training;

/// <summary>A model, and what it is worth.</summary>
/// <param name="Model">The model.</param>
/// <param name="Events">Events of the telemetry.</param>
/// <param name="TrainedOn">Agents that taught it.</param>
/// <param name="BuiltIn">False alarms of the agents that were held out, with what is built in.</param>
/// <param name="WithModel">Of the same agents, with the model.</param>
internal sealed record TrainedModel(FleetModel Model, long Events, int TrainedOn, FleetFigures BuiltIn, FleetFigures WithModel);
