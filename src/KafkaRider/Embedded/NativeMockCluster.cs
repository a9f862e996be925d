using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace MassTransit.Kafka.Extensions;

/// <summary>The functions of librdkafka's <c>rdkafka_mock.h</c> that Confluent.Kafka does not show.</summary>
internal static partial class NativeMockCluster
{
    private const string Library = "librdkafka";
    private const int Producer = 0;

    static NativeMockCluster()
    {
        // Confluent.Kafka chooses among several builds of the library (a plain import of "librdkafka" fails where libsasl2 is missing), and
        // a second copy would have a mock cluster of its own. So: let it choose, then use the file it has loaded.
        _ = Confluent.Kafka.Library.VersionString;
        NativeLibrary.SetDllImportResolver(typeof(NativeMockCluster).Assembly, Resolve);
    }

    public static IntPtr NewClient()
    {
        var error = new byte[512];
        var configuration = rd_kafka_conf_new();
        // Warnings and worse: the client has no broker of its own to speak to, and would say so at every start.
        rd_kafka_conf_set(configuration, "log_level", "4", error, (nuint)error.Length);
        var client = rd_kafka_new(Producer, configuration, error, (nuint)error.Length);
        return client != IntPtr.Zero
            ? client
            : throw new InvalidOperationException($"librdkafka did not start: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
    }

    public static void DestroyClient(IntPtr client) => rd_kafka_destroy(client);

    public static IntPtr New(IntPtr client, int brokers) => rd_kafka_mock_cluster_new(client, brokers);

    public static void Destroy(IntPtr cluster) => rd_kafka_mock_cluster_destroy(cluster);

    public static string BootstrapServers(IntPtr cluster) =>
        Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(cluster))
        ?? throw new InvalidOperationException("The mock cluster has no address.");

    public static void SetInitialRebalanceDelay(IntPtr cluster, int milliseconds) =>
        rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, milliseconds);

    public static void SetGroupSession(IntPtr cluster, int sessionMilliseconds, int heartbeatMilliseconds)
    {
        rd_kafka_mock_set_group_consumer_session_timeout_ms(cluster, sessionMilliseconds);
        rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(cluster, heartbeatMilliseconds);
    }

    public static int CreateTopic(IntPtr cluster, string topic, int partitions, int replicas) =>
        rd_kafka_mock_topic_create(cluster, topic, partitions, replicas);

    public static int SetDown(IntPtr cluster, int broker) => rd_kafka_mock_broker_set_down(cluster, broker);

    public static int SetUp(IntPtr cluster, int broker) => rd_kafka_mock_broker_set_up(cluster, broker);

    public static int SetRoundTripTime(IntPtr cluster, int broker, int milliseconds) =>
        rd_kafka_mock_broker_set_rtt(cluster, broker, milliseconds);

    public static string Describe(int error) => new Error((ErrorCode)error).Reason;

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library || !OperatingSystem.IsLinux())
            return IntPtr.Zero;
        var file = File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(file => file.EndsWith("librdkafka.so", StringComparison.Ordinal));
        return file is null ? IntPtr.Zero : NativeLibrary.Load(file);
    }

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial IntPtr rd_kafka_conf_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int rd_kafka_conf_set(IntPtr configuration, string name, string value, [Out] byte[] error, nuint errorSize);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial IntPtr rd_kafka_new(int type, IntPtr configuration, [Out] byte[] error, nuint errorSize);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial void rd_kafka_destroy(IntPtr client);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial IntPtr rd_kafka_mock_cluster_new(IntPtr client, int brokers);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial void rd_kafka_mock_cluster_destroy(IntPtr cluster);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial IntPtr rd_kafka_mock_cluster_bootstraps(IntPtr cluster);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(IntPtr cluster, int milliseconds);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial void rd_kafka_mock_set_group_consumer_session_timeout_ms(IntPtr cluster, int milliseconds);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial void rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(IntPtr cluster, int milliseconds);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int rd_kafka_mock_topic_create(IntPtr cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int rd_kafka_mock_broker_set_down(IntPtr cluster, int broker);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int rd_kafka_mock_broker_set_up(IntPtr cluster, int broker);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial int rd_kafka_mock_broker_set_rtt(IntPtr cluster, int broker, int milliseconds);
}
