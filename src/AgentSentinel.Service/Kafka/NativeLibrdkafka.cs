using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentSentinel.Service.Kafka;

/// <summary>
/// The very librdkafka that Confluent's client has loaded, for the few functions that client does not wrap. Its name differs
/// between Linux distributions, so a name of ours could find another copy or another version.
/// </summary>
internal static class NativeLibrdkafka
{
    private static readonly Lazy<nint> Library = new(Load);

    public static TDelegate Function<TDelegate>(string name)
        where TDelegate : Delegate => Marshal.GetDelegateForFunctionPointer<TDelegate>(NativeLibrary.GetExport(Library.Value, name));

    private static nint Load()
    {
        // Also makes the client load it.
        KafkaClientSettings.RequireSupportedLibrary();
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            // "librdkafka", "centos8-librdkafka", "alpine-librdkafka"; not "librdkafkacpp".
            if (Path.GetFileNameWithoutExtension(module.FileName).EndsWith("librdkafka", StringComparison.Ordinal))
            {
                return NativeLibrary.Load(module.FileName);
            }
        }

        throw new InvalidOperationException("The Kafka client's native library is not among this process's modules.");
    }
}
