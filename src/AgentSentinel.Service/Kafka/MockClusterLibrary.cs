using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// The functions of librdkafka's mock cluster, which Confluent's client does not wrap.
/// </summary>
internal sealed class MockClusterLibrary
{
    private static readonly Lazy<MockClusterLibrary> Loaded = new(() => new MockClusterLibrary());

    private MockClusterLibrary()
    {
        NewConfiguration = NativeLibrdkafka.Function<NewConfigurationFunction>("rd_kafka_conf_new");
        SetConfiguration = NativeLibrdkafka.Function<SetConfigurationFunction>("rd_kafka_conf_set");
        NewClient = NativeLibrdkafka.Function<NewClientFunction>("rd_kafka_new");
        DestroyClient = NativeLibrdkafka.Function<DestroyClientFunction>("rd_kafka_destroy");
        ClusterOf = NativeLibrdkafka.Function<PointerOfFunction>("rd_kafka_handle_mock_cluster");
        BootstrapServersOf = NativeLibrdkafka.Function<PointerOfFunction>("rd_kafka_mock_cluster_bootstraps");
        CreateTopic = NativeLibrdkafka.Function<CreateTopicFunction>("rd_kafka_mock_topic_create");
        SetRebalanceDelay = NativeLibrdkafka.Function<SetRebalanceDelayFunction>("rd_kafka_mock_group_initial_rebalance_delay_ms");
        PushErrors = NativeLibrdkafka.Function<PushErrorsFunction>("rd_kafka_mock_push_request_errors_array");
        SetBrokerDown = NativeLibrdkafka.Function<SetBrokerFunction>("rd_kafka_mock_broker_set_down");
        SetBrokerUp = NativeLibrdkafka.Function<SetBrokerFunction>("rd_kafka_mock_broker_set_up");
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

    public static MockClusterLibrary Instance => Loaded.Value;

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
}
