using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// The functions of librdkafka's mock cluster, which Confluent's client does not wrap. Taken from the very library that client
/// has loaded: its name differs between Linux distributions, so a name of ours could find another copy or another version.
/// </summary>
internal sealed class MockClusterLibrary
{
    private static readonly Lazy<MockClusterLibrary> _instance = new(() => new MockClusterLibrary());

    private MockClusterLibrary()
    {
        KafkaClientSettings.RequireSupportedLibrary();
        var library = NativeLibrary.Load(LoadedPath());
        NewConfiguration = Function<NewConfigurationFunction>(library, "rd_kafka_conf_new");
        SetConfiguration = Function<SetConfigurationFunction>(library, "rd_kafka_conf_set");
        NewClient = Function<NewClientFunction>(library, "rd_kafka_new");
        DestroyClient = Function<DestroyClientFunction>(library, "rd_kafka_destroy");
        ClusterOf = Function<PointerOfFunction>(library, "rd_kafka_handle_mock_cluster");
        BootstrapServersOf = Function<PointerOfFunction>(library, "rd_kafka_mock_cluster_bootstraps");
        CreateTopic = Function<CreateTopicFunction>(library, "rd_kafka_mock_topic_create");
        SetRebalanceDelay = Function<SetRebalanceDelayFunction>(library, "rd_kafka_mock_group_initial_rebalance_delay_ms");
        PushErrors = Function<PushErrorsFunction>(library, "rd_kafka_mock_push_request_errors_array");
        SetBrokerDown = Function<SetBrokerFunction>(library, "rd_kafka_mock_broker_set_down");
        SetBrokerUp = Function<SetBrokerFunction>(library, "rd_kafka_mock_broker_set_up");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate nint NewConfigurationFunction();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
    public delegate int SetConfigurationFunction(nint configuration, string key, string value, byte[] error, nuint errorBytes);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate nint NewClientFunction(int type, nint configuration, byte[] error, nuint errorBytes);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void DestroyClientFunction(nint client);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate nint PointerOfFunction(nint owner);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, CharSet = CharSet.Ansi)]
    public delegate ErrorCode CreateTopicFunction(nint cluster, string name, int partitions, int replicas);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void SetRebalanceDelayFunction(nint cluster, int milliseconds);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void PushErrorsFunction(nint cluster, short apiKey, nuint count, ErrorCode[] errors);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate ErrorCode SetBrokerFunction(nint cluster, int broker);

    public static MockClusterLibrary Instance => _instance.Value;

    public NewConfigurationFunction NewConfiguration { get; }

    public SetConfigurationFunction SetConfiguration { get; }

    public NewClientFunction NewClient { get; }

    public DestroyClientFunction DestroyClient { get; }

    public PointerOfFunction ClusterOf { get; }

    public PointerOfFunction BootstrapServersOf { get; }

    public CreateTopicFunction CreateTopic { get; }

    public SetRebalanceDelayFunction SetRebalanceDelay { get; }

    public PushErrorsFunction PushErrors { get; }

    public SetBrokerFunction SetBrokerDown { get; }

    public SetBrokerFunction SetBrokerUp { get; }

    private static TDelegate Function<TDelegate>(nint library, string name)
        where TDelegate : Delegate => Marshal.GetDelegateForFunctionPointer<TDelegate>(NativeLibrary.GetExport(library, name));

    private static string LoadedPath()
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            // "librdkafka", "centos8-librdkafka", "alpine-librdkafka"; not "librdkafkacpp".
            if (Path.GetFileNameWithoutExtension(module.FileName).EndsWith("librdkafka", StringComparison.Ordinal))
            {
                return module.FileName;
            }
        }

        throw new InvalidOperationException("The Kafka client's native library is not among this process's modules.");
    }
}
