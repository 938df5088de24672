using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Pipelines;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>Looks into the checkpoint files of a service, also while it runs.</summary>
internal sealed class Checkpoints(string folder, string topic)
{
    /// <summary>Next offset of a partition, read without taking ownership; 0 when there is no checkpoint yet.</summary>
    public long NextOffset(int partition) => CheckpointStore.Peek(Path.Combine(folder, CheckpointStore.FileName(topic, partition))) ?? 0;

    /// <summary>Events counted per agent, over all partitions. Takes ownership: the service must have ended.</summary>
    public Dictionary<string, long> EventsByAgent(int partitions)
    {
        var options = new SentinelOptions();
        var events = new Dictionary<string, long>();
        for (var partition = 0; partition < partitions; partition++)
        {
            using var store = CheckpointStore.Open(Path.Combine(folder, CheckpointStore.FileName(topic, partition)), survivesPowerLoss: false);
            var engine = new DetectionEngine(options.Detection, LineDetectors.Create(options), store);
            foreach (var agentId in store.Ids(StateKind.Profile))
            {
                AgentProfile profile = engine.Find(agentId)!;
                events.Add(agentId, profile.Events + profile.LateEvents);
            }
        }

        return events;
    }
}
