using AgentSentinel.Core;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Detectors;
using AgentSentinel.Core.State;
using AgentSentinel.Service.Checkpoints;
using AgentSentinel.Service.Options;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Cli.Tests.Run;

/// <summary>Looks into the checkpoint files of a service, also while it runs.</summary>
internal sealed class Checkpoints(string folder, string topic)
{
    /// <summary>Next offset of a partition, read without taking ownership; 0 when there is no checkpoint yet.</summary>
    public long NextOffset(int partition)
    {
        var path = Path.Combine(folder, CheckpointStore.FileName(topic, partition));
        if (!File.Exists(path))
        {
            return 0;
        }

        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT next_offset FROM position";
        try
        {
            return command.ExecuteScalar() is long next ? next : 0;
        }
        catch (SqliteException)
        {
            // The table is not there yet.
            return 0;
        }
    }

    /// <summary>Events counted per agent, over all partitions. Takes ownership: the service must have ended.</summary>
    public Dictionary<string, long> EventsByAgent(int partitions)
    {
        var options = new SentinelOptions();
        var events = new Dictionary<string, long>();
        for (var partition = 0; partition < partitions; partition++)
        {
            using var store = CheckpointStore.Open(Path.Combine(folder, CheckpointStore.FileName(topic, partition)), survivesPowerLoss: false);
            var engine = new DetectionEngine(options.Detection, StandardDetectors.Create(options.Detectors, options.Detection.CreateFingerprintKey()), store);
            foreach (var agentId in store.Ids(StateKind.Profile))
            {
                AgentProfile profile = engine.Find(agentId)!;
                events.Add(agentId, profile.Events + profile.LateEvents);
            }
        }

        return events;
    }
}
