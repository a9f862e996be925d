using Microsoft.EntityFrameworkCore;

namespace Anomalies.Persistence;

/// <summary>The anomalies that were found. The reader of the topic writes them with statements of its own (<c>Detecting</c>).</summary>
internal sealed class AnomaliesDb(DbContextOptions<AnomaliesDb> options) : DbContext(options)
{
    public DbSet<Anomaly> Anomalies => Set<Anomaly>();

    public DbSet<AnomalyHead> Heads => Set<AnomalyHead>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasCharSet("utf8mb4").UseCollation("utf8mb4_unicode_ci");
        modelBuilder.Entity<Anomaly>(anomaly =>
        {
            anomaly.ToTable("anomaly");
            anomaly.HasKey(row => row.No);
            anomaly.Property(row => row.No).HasColumnName("no").ValueGeneratedNever();
            // The name makes it a key by convention; taken back, it would be optional.
            anomaly.Property(row => row.Id).HasColumnName("id").HasColumnType("binary(16)").IsRequired();
            anomaly.Property(row => row.Detector).HasColumnName("detector").HasColumnType("varchar(64)");
            anomaly.Property(row => row.AnomalyType).HasColumnName("anomaly_type").HasColumnType("varchar(64)");
            anomaly.Property(row => row.TypeId).HasColumnName("type_id");
            anomaly
                .Property(row => row.TraceId)
                .HasColumnName("trace_id")
                .HasColumnType("varchar(36)")
                .HasCharSet("ascii")
                .UseCollation("ascii_bin");
            anomaly.Property(row => row.EventId).HasColumnName("event_id").HasColumnType("varchar(250)");
            anomaly.Property(row => row.PartitionNo).HasColumnName("partition_no");
            anomaly.Property(row => row.Seq).HasColumnName("seq");
            anomaly.Property(row => row.Description).HasColumnName("description").HasColumnType("varchar(1000)");
            anomaly.Property(row => row.DetectedAt).HasColumnName("detected_at").HasColumnType("datetime(6)");
            anomaly.HasIndex(row => row.Id).IsUnique().HasDatabaseName("anomaly_id");
            anomaly.HasIndex(row => row.TraceId).HasDatabaseName("anomaly_trace_id");
            anomaly.HasIndex(row => new { row.TypeId, row.No }).HasDatabaseName("anomaly_event_type");
        });
        modelBuilder.Entity<AnomalyHead>(head =>
        {
            head.ToTable("anomaly_head");
            head.HasKey(row => row.Id);
            head.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            head.Property(row => row.NextNo).HasColumnName("next_no");
            head.Property(row => row.OpenSince).HasColumnName("open_since").HasColumnType("datetime(6)");
        });
    }
}
