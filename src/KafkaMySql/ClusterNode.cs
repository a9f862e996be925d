namespace KafkaMySql;

/// <summary>A row of <c>relay_node</c> as a heartbeat read it.</summary>
/// <param name="Number">0 to 63.</param>
/// <param name="Identity">Base address and, as fragment, which process it is.</param>
/// <param name="Age">Since its last heartbeat on the database's clock; negative when that clock stepped back.</param>
/// <param name="SeenAt">The last heartbeat's time, as microseconds since 2000, to tell whether it changed.</param>
/// <param name="ReadersHash">Hash of its list of readers; 0 for a node that does not relay.</param>
internal sealed record ClusterNode(int Number, string Identity, TimeSpan Age, long SeenAt, ulong ReadersHash)
{
    public string Url => Identity[..Identity.IndexOf('#', StringComparison.Ordinal)];
}
