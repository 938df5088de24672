using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// A Kafka cluster inside this process, for the demo and for tests: librdkafka's mock cluster, listening on 127.0.0.1 only.
/// Not for anything that must last: it keeps 5 MiB or 100,000 producer batches a partition, whichever comes first, drops what is
/// older, and forgets everything when it is disposed. Producers should wait for their consumers.
/// </summary>
public sealed class EmbeddedBroker : IDisposable
{
    private const int ProducerType = 0;
    private const int ErrorBytes = 512;
    // A real broker waits three seconds for more members before the first assignment; nobody else is coming here.
    private const int RebalanceDelayMs = 50;

    private readonly MockClusterLibrary _library;
    private readonly nint _cluster;
    private nint _client;

    private EmbeddedBroker(MockClusterLibrary library, nint client, nint cluster)
    {
        _library = library;
        _client = client;
        _cluster = cluster;
        BootstrapServers = Marshal.PtrToStringUTF8(library.BootstrapServersOf(cluster))!;
    }

    /// <summary>Address for clients of this process and of this machine, <c>127.0.0.1:port</c>, separated by commas.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts a cluster of so many brokers on free ports.</summary>
    /// <param name="brokers">Brokers, at least 1; each costs a port.</param>
    /// <exception cref="InvalidOperationException">The native library is too old or refuses.</exception>
    public static EmbeddedBroker Start(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        var library = MockClusterLibrary.Instance;
        // The cluster lives in a client of its own, made natively: Confluent's clients do not give their handle away.
        var configuration = library.NewConfiguration();
        Set(library, configuration, "test.mock.num.brokers", brokers.ToString(CultureInfo.InvariantCulture));
        Set(library, configuration, "log_level", "2");
        var error = new byte[ErrorBytes];
        var client = library.NewClient(ProducerType, configuration, error, ErrorBytes);
        if (client == 0)
        {
            throw new InvalidOperationException($"The embedded broker does not start: {Text(error)}");
        }

        var cluster = library.ClusterOf(client);
        library.SetRebalanceDelay(cluster, RebalanceDelayMs);
        return new EmbeddedBroker(library, client, cluster);
    }

    /// <summary>Creates an empty topic. Without it a topic comes into being at first use, with 4 partitions.</summary>
    /// <exception cref="KafkaException">The topic exists, or the name is not allowed.</exception>
    public void CreateTopic(string name, int partitions)
    {
        ObjectDisposedException.ThrowIf(_client == 0, this);
        Check(_library.CreateTopic(_cluster, name, partitions, 1));
    }

    /// <summary>Stops all brokers; their clients see the connection fail.</summary>
    public void Dispose()
    {
        if (_client != 0)
        {
            _library.DestroyClient(_client);
            _client = 0;
        }
    }

    /// <summary>The next requests of this kind are answered with these errors, one each. For tests.</summary>
    internal void FailRequests(RequestKind kind, params ErrorCode[] errors)
    {
        ObjectDisposedException.ThrowIf(_client == 0, this);
        _library.PushErrors(_cluster, (short)kind, (nuint)errors.Length, errors);
    }

    /// <summary>Breaks off a broker's connections and refuses new ones. Brokers are counted from 1. For tests.</summary>
    internal void TakeDown(int broker)
    {
        ObjectDisposedException.ThrowIf(_client == 0, this);
        Check(_library.SetBrokerDown(_cluster, broker));
    }

    /// <summary>Undoes <see cref="TakeDown"/>. For tests.</summary>
    internal void BringUp(int broker)
    {
        ObjectDisposedException.ThrowIf(_client == 0, this);
        Check(_library.SetBrokerUp(_cluster, broker));
    }

    private static void Set(MockClusterLibrary library, nint configuration, string key, string value)
    {
        var error = new byte[ErrorBytes];
        if (library.SetConfiguration(configuration, key, value, error, ErrorBytes) != 0)
        {
            throw new InvalidOperationException($"The embedded broker does not take {key}: {Text(error)}");
        }
    }

    private static void Check(ErrorCode code)
    {
        if (code != ErrorCode.NoError)
        {
            throw new KafkaException(code);
        }
    }

    private static string Text(byte[] error) => Encoding.UTF8.GetString(error).TrimEnd('\0');

    /// <summary>Requests by their number in Kafka's protocol.</summary>
    internal enum RequestKind : short
    {
        Produce = 0,
        Fetch = 1,
        OffsetCommit = 8,
        Heartbeat = 12,
    }
}
