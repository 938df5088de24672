using System.Text;
using AgentSentinel.Service.Suspension;
using Microsoft.Data.Sqlite;

namespace AgentSentinel.Service.Tests.Suspension;

/// <summary>Test data: messages, options, and a pipeline's transaction around an order.</summary>
internal static class SomeWebhook
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly AttemptOutcome Success = new(AttemptKind.Delivered, 204, "http_204", TimeSpan.FromMilliseconds(12));
    public static readonly AttemptOutcome Failure = new(AttemptKind.Failed, 500, "http_500", TimeSpan.FromMilliseconds(34));

    public static OutboxMessage Message(string id = "suspension/billing/1", DateTimeOffset? at = null) => new()
    {
        Id = id,
        Kind = "agent.suspended",
        Payload = Encoding.UTF8.GetBytes("""{"type":"agent.suspended","timestamp":"2026-03-01T12:00:00Z","data":{"agent":"billing"}}"""),
        CreatedAt = at ?? Time,
        NextAttemptAt = at ?? Time,
    };

    public static WebhookOptions Options(Uri target) => new()
    {
        Url = target.ToString(),
        Secrets = [Secret],
        AllowPrivateTargets = true,
        Timeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>Commits messages as the journal pipeline does: on a connection of its own, within a transaction.</summary>
    public static void Commit(string path, params OutboxMessage[] messages)
    {
        using var connection = OpenPipeline(path);
        using var transaction = connection.BeginTransaction();
        foreach (var message in messages)
        {
            Outbox.Add(transaction, message);
        }

        transaction.Commit();
    }

    public static SqliteConnection OpenPipeline(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
        Outbox.CreateTable(connection);
        return connection;
    }
}
